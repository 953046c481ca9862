"""What a clean text is made of."""

from areaomogenea.prose.outline import Block, Image, Link, outline


def test_blocks_know_headings_and_tables():
    read = outline(
        "<h2>Come  fare</h2><ul><li><p>Uno</p></li></ul><table><tr><td><p>12</p></td></tr></table><p>a<br>b</p>"
    )

    assert read.blocks == [
        Block("Come fare", level=2),
        Block("Uno"),
        Block("12", is_tabular=True),
        Block("a"),
        Block("b"),
    ]
    assert read.running_text == "Uno\na\nb"


def test_words_parted_by_markup_stay_whole():
    assert outline("<p>so<strong>no</strong> qui&amp;là</p>").text == "sono qui&là"


def test_links_images_and_abbreviations_are_told():
    read = outline(
        '<p><a href="/x"><em>il</em> bando</a> <abbr title="Comunità">CER</abbr><img src="a.png" alt=" "></p>'
    )

    assert read.links == [Link("/x", "il bando")]
    assert read.images == [Image("a.png", "")]
    assert read.abbreviations == {"CER"}
