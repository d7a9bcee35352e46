"""One spelling for each address, so that an article is entered once."""

import random

import pytest

from research.url_normal import BadAddress, normal_url

SAME = [
    "https://news.example/a/story",
    "http://news.example/a/story",
    "HTTPS://WWW.News.Example/a/story",
    "https://news.example:443/a/story/",
    "http://news.example:80/a/story#comments",
    "https://news.example./a/story?",
    "news.example/a/story",
    "//news.example/a/story",
    "  https://news.example/a/story\n",
    "https://news.example/a/./b/../story",
    "https://news.example/%61/story",
    "https://news.example/a/story?utm_source=mail&utm_Medium=x&fbclid=1&gclid=2",
    "https://news.example/a/story?&mc_cid=1&&_ga=2",
    "https://reader@news.example/a/story#:~:text=true%20cost",
]


@pytest.mark.parametrize("written", SAME)
def test_the_same_article_has_one_spelling(written):
    assert normal_url(written) == "https://news.example/a/story"


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("https://news.example/", "https://news.example"),
        ("https://news.example", "https://news.example"),
        ("https://news.example/?b=2&a=1", "https://news.example?a=1&b=2"),
        ("https://news.example/s?id=7&utm_campaign=x&page=2", "https://news.example/s?id=7&page=2"),
        ("https://news.example/s?q=true+cost", "https://news.example/s?q=true%20cost"),
        ("https://news.example/caf%c3%a9", "https://news.example/caf%C3%A9"),
        ("https://news.example/café", "https://news.example/caf%C3%A9"),
        ("https://news.example/50%", "https://news.example/50%25"),
        ("https://news.example/a%2Fb", "https://news.example/a%2Fb"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("https://news.example:8443/a", "https://news.example:8443/a"),
        ("news.example:8080/a", "https://news.example:8080/a"),
    ],
)
def test_normal_forms(written, normal):
    assert normal_url(written) == normal


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://news.example/a", "https://news.example/A"),
        ("https://news.example/a", "https://blog.news.example/a"),
        ("https://news.example/s?id=1", "https://news.example/s?id=2"),
        ("https://news.example/s?ref=1", "https://news.example/s"),
        ("https://news.example/a b", "https://news.example/ab"),
        ("https://news.example/a", "https://news.example:8443/a"),
        ("https://news.example/a%2Fb", "https://news.example/a/b"),
    ],
)
def test_what_may_be_another_page_stays_another(one, other):
    assert normal_url(one) != normal_url(other)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "mailto:news@news.example",
        "javascript:alert(1)",
        "ftp://news.example/a",
        "https://",
        "https://localhost/a",
        "https://news..example/a",
        "https://news.example:port/a",
        "https://exa mple.org/a",
        "just words",
        "https://news.example/" + "é" * 1000,
        "https://news.example/\ud800",
    ],
)
def test_what_is_no_page_is_refused(written):
    with pytest.raises(BadAddress):
        normal_url(written)


def test_normalising_twice_changes_nothing_and_tracking_never_matters():
    chance = random.Random(5)
    signs = "abzAZ09-._~%/?&=+#:;@!$'()*,é漢 2F%41%2e%2E"
    tracking = ["utm_source=x", "fbclid=abc", "UTM_Campaign=1", "gclid=2", "mc_eid=9"]
    seen = 0
    for _round in range(4000):
        tail = "".join(chance.choice(signs) for _sign in range(chance.randint(0, 25))).strip()
        try:
            normal = normal_url(f"https://news.example/{tail}")
        except BadAddress:
            continue
        seen += 1
        assert normal_url(normal) == normal
        assert normal_url(f"http://www.NEWS.example:80/{tail}") == normal
        path, hash_sign, place = tail.partition("#")
        joined = f"{path}{'&' if '?' in path else '?'}{chance.choice(tracking)}{hash_sign}{place}"
        assert normal_url(f"https://news.example/{joined}") == normal
    assert seen > 3000
