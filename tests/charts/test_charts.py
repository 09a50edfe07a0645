"""Pictures: well-formed SVG that says what it shows, with every text escaped and no inline style."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from landbank.charts import Bar, BarRow, Line, Tone, bar_chart, line_chart

ATTACK = "<script>alert(1)</script>\" onload='x' & {{7*7}}"


def bars(rows: list[BarRow]) -> ET.Element:
    """The rows drawn, read back as XML."""
    return ET.fromstring(bar_chart(rows, key="k", title=ATTACK, description=ATTACK))  # noqa: S314 - our own


def rects(picture: ET.Element) -> list[tuple[str, float, float]]:
    """Class, x and width of each rectangle that stands for a number."""
    return [
        (shape.get("class", ""), float(shape.get("x", 0)), float(shape.get("width", 0)))
        for shape in picture.iter("rect")
        if shape.get("class") not in {"chart-ground", "chart-hatch-ground"}
    ]


def test_bars_stand_where_their_shares_say() -> None:
    picture = bars(
        [
            BarRow("Brutto", "10 ha", (Bar(0, 0.75, Tone.GOOD), Bar(0.75, 1, Tone.OPEN))),
            BarRow("bort", "2 ha", (Bar(0.5, 1, Tone.LOST),), is_main=False),
        ]
    )

    assert rects(picture) == [
        ("chart-good", 0.0, 300.0),
        ("chart-open", 300.0, 100.0),
        ("chart-lost", 200.0, 200.0),
    ]
    assert [text.text for text in picture.iter("text")] == ["Brutto", "10 ha", "bort", "2 ha"]
    assert picture.get("viewBox") == "0 0 400 76"


def test_picture_is_an_image_with_title_and_description() -> None:
    picture = bars([BarRow(ATTACK, ATTACK, ())])

    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby") == "k-title k-desc"
    assert {part.get("id"): part.text for part in picture if part.tag in {"title", "desc"}} == {
        "k-title": ATTACK,
        "k-desc": ATTACK,
    }


@pytest.mark.parametrize(
    "drawn",
    [
        bar_chart(
            [BarRow(ATTACK, ATTACK, (Bar(0, 1, Tone.OPEN),))], key="k", title=ATTACK, description=ATTACK
        ),
        line_chart(
            [Line(ATTACK, ((0, 0), (1, 1))), Line(ATTACK, ((0.5, 0.5),))],
            key="k",
            title=ATTACK,
            description=ATTACK,
            x_ticks=((0, ATTACK),),
            y_ticks=((1, ATTACK),),
        ),
    ],
)
def test_no_text_becomes_an_element_and_nothing_is_styled_inline(drawn: str) -> None:
    picture = ET.fromstring(drawn)  # noqa: S314 - our own

    assert "<script" not in drawn
    for shape in picture.iter():
        assert shape.tag in {
            "svg", "title", "desc", "defs", "pattern", "rect", "path", "g", "text", "circle",
        }  # fmt: skip
        assert "style" not in shape.attrib
        assert not any(name.startswith("on") for name in shape.attrib)


def test_line_goes_through_its_points_upwards() -> None:
    drawn = line_chart(
        [Line("tal", ((0, 0), (0.5, 1), (1, 0.5)))],
        key="k", title="t", description="d", x_ticks=(), y_ticks=(),
    )  # fmt: skip
    picture = ET.fromstring(drawn)  # noqa: S314 - our own

    [line] = [path for path in picture.iter("path") if path.get("class") == "chart-line"]
    assert line.get("d") == "M34 172L212 12L390 92"


def test_single_point_is_a_dot_and_several_lines_are_named_and_dashed() -> None:
    one = line_chart([Line("a", ((0.5, 0.5),))], key="k", title="t", description="d", x_ticks=(), y_ticks=())
    two = line_chart(
        [Line("a", ((0, 0), (1, 1))), Line("b", ((0, 1), (1, 0)))],
        key="k", title="t", description="d", x_ticks=(), y_ticks=(),
    )  # fmt: skip

    assert one.count("<circle") == 1
    assert 'class="chart-line"' not in one
    assert [text.text for text in ET.fromstring(two).iter("text")] == ["a", "b"]  # noqa: S314 - our own
    assert two.count('stroke-dasharray="7 4"') == 2
