"""Pictures: as wide as the place where a page shows them, there when they are needed, and moving nothing."""

import pytest

PAGES = [
    "/",
    "/novita/",
    "/iniziative/",
    "/novita/comunicati/otto-comunita-energetiche/",
    "/iniziative/cer-del-cremasco/",
    "/argomenti/cer/",
    "/comuni/crema/",
    "/cerca/?q=energia",
    "/incorpora/elenco/",
    "/incorpora/scheda/comunicati/otto-comunita-energetiche/",
]
RICH = "a communiqué with everything"  # with a picture in its text
SCREENS = [(320, 1), (412, 1), (412, 2.625), (768, 1), (768, 2), (1280, 1)]  # with the density of their points
HEIGHT = 800
LATE = 1500  # pixels below the first screen, from where a picture waits until somebody comes near

# How wide each picture is laid out, how wide its `sizes` tell the browser that it will be, and what the browser took.
MEASURE = """async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 400) {
        scrollTo(0, y);
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    }
    scrollTo(0, 0);
    const pictures = [...document.images].filter((image) => image.srcset && image.offsetWidth);
    await Promise.all(pictures.map((image) => image.decode()));
    const ruler = document.body.appendChild(document.createElement('div'));
    ruler.style.position = 'absolute';
    const declared = (sizes) => {
        const part = sizes.split(',').map((part) => part.trim().match(/^(?:(\\(.*?\\)) )?(.+)$/))
            .find(([, media]) => !media || matchMedia(media).matches);
        ruler.style.width = part[2];
        return ruler.getBoundingClientRect().width;
    };
    const candidates = (image) => {
        const source = image.parentElement.querySelector('source') ?? image;
        const each = source.srcset.split(', ').map((one) => one.split(' '));
        return each.map(([address, width]) => [address, parseInt(width)]);
    };
    return pictures.map((image) => ({
        laid: image.getBoundingClientRect().width,
        declared: declared(image.sizes),
        top: image.getBoundingClientRect().top + scrollY,
        is_lazy: image.loading == 'lazy',
        is_first: image.fetchPriority == 'high',
        candidates: candidates(image),
        taken: new URL(image.currentSrc).pathname,
    }));
}"""
SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => list.getEntries().forEach((one) => one.hadRecentInput || shifts.push(
    [one.value, ...one.sources.map(({node}) => node?.nodeName + '.' + node?.className)])))
    .observe({type: 'layout-shift', buffered: true});"""


def smallest(picture, pixels):
    """The narrowest of its candidates that is wide enough, or the widest."""
    wide_enough = [address for address, width in picture["candidates"] if width >= pixels]
    return [*wide_enough, picture["candidates"][-1][0]][0]


def faults_of(pictures, ratio):
    shown = {}  # what one picture took in a large place, the browser has at hand for a small one
    for picture in pictures:
        shown.setdefault(picture["candidates"][0][0], []).append(picture["declared"] * ratio)
    for number, picture in enumerate(pictures):
        if abs(picture["declared"] - picture["laid"]) > max(4, picture["laid"] * 0.05):
            yield f"picture {number} is laid {picture['laid']} wide, and declared {picture['declared']}"
        fitting = {smallest(picture, pixels) for pixels in shown[picture["candidates"][0][0]]}
        if picture["taken"] not in fitting:
            yield f"picture {number} takes {picture['taken']} where {fitting} would do"
        if picture["is_lazy"] and number == 0 and picture["top"] < HEIGHT / 2:
            yield f"picture {number} is late, and in sight at once"
        if not picture["is_lazy"] and picture["top"] > LATE + HEIGHT:
            yield f"picture {number} does not wait, and is {picture['top']} below"


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("width", "ratio"), [(320, 1), (320, 3), (412, 1), (412, 2.625), (768, 1), (768, 2), (1280, 1)]
)
def test_pictures_fit_their_places(reader, portal, width, ratio):
    def faults(path):
        tab = reader(viewport={"width": width, "height": HEIGHT}, device_scale_factor=ratio)
        tab.goto(path)
        pictures = tab.evaluate(MEASURE)
        tab.close()
        assert pictures, path
        return [*faults_of(pictures, ratio)]

    assert {path: wrong for path in [*PAGES, portal.addresses[RICH]] if (wrong := faults(path))} == {}


@pytest.mark.any_database
@pytest.mark.parametrize("width", [412, 1280])
def test_nothing_moves_while_a_page_comes_in(reader, portal, width):
    def shifts(path):
        tab = reader(viewport={"width": width, "height": HEIGHT})
        tab.add_init_script(SHIFTS)
        tab.route("**/*.woff2", lambda route: route.abort())  # which fonts stand in for them depends on the device
        tab.goto(path)
        tab.evaluate(MEASURE)
        moved = tab.evaluate("shifts")
        tab.close()
        return moved

    assert {path: moved for path in [*PAGES, portal.addresses[RICH]] if (moved := shifts(path))} == {}
