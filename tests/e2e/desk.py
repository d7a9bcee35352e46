"""Staff at their desk: the admin's own controls, which differ from the portal's forms."""

import re

from playwright.sync_api import Locator, expect

from tests.e2e.visitor import Visitor


class Staff(Visitor):
    """Somebody signed in at `/admin/`."""

    def check(self) -> None:
        """As everywhere, with the whole page in sight: the bar of buttons covers what scrolls under it."""
        usual = self.page.viewport_size
        height = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({**usual, "height": height})
        super().check()
        self.page.set_viewport_size(usual)

    def do(self, action: str) -> None:
        """Presses one of a record's buttons, which leads to a question."""
        before = self.page.url
        self.page.get_by_role("link", name=action).filter(visible=True).first.click()
        # The page that is left counts as loaded until the next one begins.
        expect(self.page).not_to_have_url(before, timeout=45_000)
        self.arrive()

    def confirm(self, button: str, said: str) -> None:
        """Answers the question behind a button, and reads what the desk says to it."""
        answer = self.page.get_by_role("button", name=button)
        expect(answer).to_be_visible()  # Where a step is refused, this shows the reasons.
        answer.click()
        self.arrive()
        expect(self.page.get_by_text(said).first).to_be_visible()

    def type_in(self, fields: dict[str, str]) -> None:
        """Types into form fields by their names; rich text goes into its editor."""
        for name, words in fields.items():
            editor = self.page.locator(f".prose-editor:has(textarea[name={name}]) [contenteditable]")
            if editor.count():
                editor.click()
                self.page.keyboard.press("ControlOrMeta+a")
                self.page.keyboard.insert_text(words)
            else:
                self.page.locator(f"[name={name}]").fill(words)

    def choose(self, name: str, words: str) -> None:
        """Picks a record in a chooser that searches while one types."""
        self.page.locator(f"select[name={name}] + .select2 .select2-selection").click()
        self.page.locator(".select2-container--open .select2-search__field").fill(words)
        self.page.locator(".select2-results__option", has_text=words).first.click()

    def save(self) -> None:
        """Saves the record and stays on its page."""
        self.page.get_by_role("button", name="Save and continue editing").click()
        self.arrive()
        expect(self.page.get_by_text(re.compile("was (added|changed) successfully")).first).to_be_visible()

    def funnel(self, label: str) -> Locator:
        """A step of an alert's result, such as "recipients": the element that holds its number."""
        step = self.page.locator(".desk-funnel p").filter(has_text=re.compile(rf"^\s*[\d,]+\s+{label}"))
        return step.locator("strong")

    def tile(self, label: str) -> int:
        """The number of a tile on the first page, such as "actions taken"."""
        name = self.page.locator("b", has_text=re.compile(rf"^{label}"))
        tile = self.page.locator(".desk-tile").filter(has=name)
        return int(tile.locator("strong").inner_text().replace(",", ""))

    def expect_tally(self, label: str, number: int) -> None:
        """One of the numbers below the funnel, such as "skipped", is this."""
        tile = self.page.locator("dl.desk-tiles > div").filter(has=self.page.get_by_text(label, exact=True))
        expect(tile.locator("dd").first).to_have_text(re.compile(rf"^\s*{number}(\D|$)"))
