"""Pictures of numbers as SVG: numbers and words in, one accessible fragment out.

The room knows no plots, pages or languages, so that a page, a letter and a fact sheet can all draw with it. A picture
is an image with a title and a description; its numbers belong into a table beside it, which whoever draws it provides.
Colours come from the classes of web/static/css/charts.css: light, dark and print are the style sheet's business, and
nothing here needs an inline style, which the pages' security policy forbids.
"""

from landbank.charts.bars import Bar, BarRow, bar_chart
from landbank.charts.curve import value_curve
from landbank.charts.ground import Ground, ground_plan
from landbank.charts.lines import Line, line_chart
from landbank.charts.parts import ScorePart, score_bar
from landbank.charts.svg import Tone

__all__ = [
    "Bar",
    "BarRow",
    "Ground",
    "Line",
    "ScorePart",
    "Tone",
    "bar_chart",
    "ground_plan",
    "line_chart",
    "score_bar",
    "value_curve",
]
