"""Finding one's place by clicking on pictures of a map, each closer than the last; works without JavaScript.

A picture is an `<input type="image">`: the browser sends the pixel that was clicked, in CSS pixels, so each picture is
drawn at a fixed size. Two sizes are on the page and the style sheet shows one; the name of the button tells which.
Where a map was clicked travels in the form's body and is kept nowhere.
"""

from dataclasses import dataclass
from urllib.parse import quote

from django.template.loader import render_to_string
from django.urls import reverse

from legislation.places.geography import Atlas
from legislation.places.maps import Window, house_map
from legislation.places.projection import STATE_HEIGHT, STATE_WIDTH
from legislation.places.zip_areas import ZipAreas

# How wide a picture is, in CSS pixels, by the button's name and the step. The state is tall, so it is drawn narrower.
SIZES = {"small": (280, 280, 280), "large": (400, 560, 560)}
# What each step shows, in map units of 100 meters: the state, 100 kilometers, 16 kilometers.
EXTENTS = ((STATE_WIDTH, STATE_HEIGHT), (1000, 1000), (160, 160))
LAST_STEP = len(EXTENTS) - 1
# A finger does not hit one pixel: what lies so many pixels from it may have been meant.
FINGER = 12


@dataclass(frozen=True)
class Picture:
    """One of the two pictures of a step: the name of its button, its size, and where the picture is."""

    size: str
    width: int
    height: int
    source: str


@dataclass(frozen=True)
class Step:
    """A picture of the map: how close it is (0 is the whole state) and where its corner lies, in map units."""

    number: int = 0
    left: int = 0
    top: int = 0

    def window(self, size: str) -> Window:
        """What the picture of a size shows."""
        width, height = EXTENTS[self.number]
        return Window(self.left, self.top, width, height, SIZES[size][self.number])

    def clicked(self, size: str, pixel_x: int, pixel_y: int) -> "Click":
        """The click on a pixel of that picture."""
        window = self.window(size)
        x, y = window.place(pixel_x, pixel_y)
        return Click(self, x, y, FINGER / window.scale)

    def pictures(self, atlas: Atlas, zips: ZipAreas | None) -> list[Picture]:
        """The step's pictures in both sizes."""
        return [self._picture(size, atlas, zips) for size in SIZES]

    def _picture(self, size: str, atlas: Atlas, zips: ZipAreas | None) -> Picture:
        window = self.window(size)
        if self.number == 0:
            source = reverse("legislation:represents_map", args=[size])
        else:
            # Inside the page: the address of a picture would tell the log where somebody looked.
            source = f"data:image/svg+xml,{quote(draw_picture(atlas, window, zips), safe=' /:=,;')}"
        return Picture(size, window.pixels, window.pixel_height, source)


def draw_picture(atlas: Atlas, window: Window, zips: ZipAreas | None) -> str:
    """A window's House districts as an SVG picture."""
    return render_to_string("legislation/map.svg", {"map": house_map(atlas, window, zips)})


@dataclass(frozen=True)
class Click:
    """A clicked place in map units, and how far around it may have been meant."""

    step: Step
    x: float
    y: float
    reach: float

    def houses(self, atlas: Atlas) -> list[int]:
        """House districts that may have been meant, the one under the pixel first."""
        under = atlas.near(self.x, self.y, 0)[:1]
        return under + [house for house in atlas.near(self.x, self.y, self.reach) if house not in under]

    def closer(self) -> Step:
        """The next picture, with the clicked place in its middle."""
        number = min(self.step.number + 1, LAST_STEP)
        width, height = EXTENTS[number]
        return Step(number, round(self.x - width / 2), round(self.y - height / 2))

    @property
    def is_sure(self) -> bool:
        """Whether the picture was close enough to go by what it shows. The whole state is not."""
        return self.step.number > 0
