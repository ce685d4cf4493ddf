"""A person with a keyboard and no mouse, who goes through a page with Tab and sees where the focus is."""

from collections.abc import Iterator

from playwright.sync_api import Page

MOST_STOPS = 400
"""Most presses of the Tab key on the way to a thing."""

_FOCUSED = """async () => {
  const each = document.activeElement;
  if (!each || each === document.body) return null;
  let told = state(each);
  for (let turn = 0; turn < 40 && !(told.isSeen && told.isMarked); turn++) {
    await new Promise(go => setTimeout(go, 25));  // scripts mark a little later
    told = state(each);
  }
  return told;
  function state(each) {
    const isRing = one => {
      const style = getComputedStyle(one);
      return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
    };
    const box = [...each.getClientRects()].find(one => one.width && one.height);
    const name = each.getAttribute('aria-label') || [...each.labels || []].map(one => one.innerText).join(' ')
      || each.innerText || each.title || '';
    return {
      name: name.trim().replace(/\\s+/g, ' '),
      tag: each.tagName.toLowerCase(),
      isSeen: Boolean(box) && box.bottom > 0 && box.top < innerHeight
        && box.right > 0 && box.left < innerWidth,
      isMarked: isRing(each) || Boolean(each.closest('.cm-editor') && isRing(each.closest('.cm-editor'))),
      html: each.outerHTML.slice(0, 150),
    };
  }
}"""


class Unseen(AssertionError):
    """The focus is where nobody sees it."""


def stops(page: Page, key: str = "Tab", most: int = MOST_STOPS) -> Iterator[str]:
    """Press a key again and again; yield the name of what has the focus. Raise Unseen if it does not show."""
    for _ in range(most):
        page.keyboard.press(key)
        focused = page.evaluate(_FOCUSED)
        if focused is None:  # beyond the last: the browser's own controls
            return
        if not focused["isSeen"] or not focused["isMarked"]:
            raise Unseen(str(focused))
        yield focused["name"]


def tab_to(page: Page, name: str) -> None:
    """Press Tab until a thing with a name has the focus; a name that ends with … is a beginning."""
    passed = []
    for stop in stops(page):
        passed.append(stop)
        if stop == name or (name.endswith("…") and stop.startswith(name[:-1])):
            return
    raise AssertionError(f"The Tab key never comes to {name!r}, but to {passed}.")


def follow(page: Page, name: str) -> None:
    """Go to a link or a button of a form with Tab, press Enter, and wait for the place it leads to."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")
