"""Every page answers as it should, and says what it is made of: what is seen on one database holds for the other."""

EXPECTED = {"404": 404, "embeds, refused": 400, "preview, over": 404, "410": 410}


def test_public_pages_answer_and_tell_their_shape(portal, pages, tell_shape):
    answers = {name: portal.get(path) for name, path in pages.items()}

    for name, answer in answers.items():
        tell_shape(name, answer.text)
    assert {name: answer.status for name, answer in answers.items()} == dict.fromkeys(pages, 200) | EXPECTED


def test_pages_that_links_lead_to_tell_their_shape(crawled, tell_shape):
    pages = {path: answer for path, answer in crawled.items() if answer.is_page}

    for path, answer in sorted(pages.items()):
        tell_shape(path, answer.text)
    assert {answer.status for answer in pages.values()} == {200}
