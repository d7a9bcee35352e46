"""Reports, findings, fact sheets, projects, uptake, toolkits, the loan repayment program."""

from research.models.citation import Citation
from research.models.distribution import Announcement, DistributionStep
from research.models.fact_sheet import FactSheet, FactSheetRun, FactSheetVersion
from research.models.fact_sheet_figure import DistrictFigure
from research.models.finding import Finding, FindingCorrection
from research.models.finding_source import SourceCheck
from research.models.loan_repayment import (
    EligibilityAnswer,
    EligibilityCriterion,
    LoanProgram,
    ProgramReport,
)
from research.models.opportunity import Opportunity
from research.models.participation import (
    Participant,
    ParticipantContact,
    ParticipantDemographics,
    Participation,
)
from research.models.participation_target import RecruitmentTarget
from research.models.press import PressMention
from research.models.project import Milestone, Phase, ResearchProject
from research.models.project_feedback import PhaseFeedback, ProjectChange
from research.models.project_gate import GateWaiver, PhaseInput, UnderrepresentedGroup
from research.models.report import Report, ReportAuthor, ResearchTopic
from research.models.report_parts import Chapter, KeyFinding, ReportTable
from research.models.report_release import ReportDownload, ReportVersion
from research.models.service_map import ServiceConnection
from research.models.toolkit import Toolkit, ToolkitDownload, ToolkitItem

__all__ = [
    "Announcement",
    "Chapter",
    "Citation",
    "DistributionStep",
    "DistrictFigure",
    "EligibilityAnswer",
    "EligibilityCriterion",
    "FactSheet",
    "FactSheetRun",
    "FactSheetVersion",
    "Finding",
    "FindingCorrection",
    "GateWaiver",
    "KeyFinding",
    "LoanProgram",
    "Milestone",
    "Opportunity",
    "Participant",
    "ParticipantContact",
    "ParticipantDemographics",
    "Participation",
    "Phase",
    "PhaseFeedback",
    "PhaseInput",
    "PressMention",
    "ProgramReport",
    "ProjectChange",
    "RecruitmentTarget",
    "Report",
    "ReportAuthor",
    "ReportDownload",
    "ReportTable",
    "ReportVersion",
    "ResearchProject",
    "ResearchTopic",
    "ServiceConnection",
    "SourceCheck",
    "Toolkit",
    "ToolkitDownload",
    "ToolkitItem",
    "UnderrepresentedGroup",
]
