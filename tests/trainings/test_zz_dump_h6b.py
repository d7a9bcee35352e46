from tests.trainings.test_indicators import *  # noqa: F403
from tests.trainings.test_indicators import _coalition  # noqa: F401
for _n in [n for n in dir() if n.startswith("test_")]:
    del globals()[_n]

def test_dump(desk):
    area = AreaFactory(name="Chicago West")
    for n in range(4):
        o = OrganizationFactory(county=CountyFactory(area=area), budget_band="1m_5m", sub_sectors=[SubSectorFactory(name=f"Sub-sector {n}")])
        r = there(held(AUGUST if n % 2 else NOVEMBER, course=CourseFactory(topics=[TopicFactory(name=f"Reframing {n}")])), o, completed=NOVEMBER if n % 3 else None)
        there(held(AUGUST-timedelta(days=300)), o)
        if n % 4 == 0:
            asked(r.person, NOVEMBER + timedelta(days=1))
    SessionFactory(state="published", starts_at=NOVEMBER)
    for name, address in (("page", url()), ("print", url("numbers_print")), ("list", reverse("admin:trainings_session_changelist"))):
        open(f"/tmp/h6b/{name}.html", "w").write(desk.get(address).content.decode())
