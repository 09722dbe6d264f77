"""What people do on a page: by the keyboard where it costs nothing, by no word that a translation changes."""

import time
from urllib.parse import urlsplit

from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from tests.factories import PASSWORD
from tests.portal.test_sign_in import code

SAVED = '#save-state[data-tone="good"]'


def address(name, *args):
    return reverse(name, args=args)


def open_page(page, name, *args):
    page.goto(address(name, *args))


def follow(page, name, *args, anchor=""):
    """Go by the first link that leads to the address; fails where the page has none."""
    whole = address(name, *args) + anchor
    beside = whole.removeprefix(urlsplit(page.url).path)
    link = page.locator(f'a[href="{whole}"]:visible, a[href="{beside}"]:visible').first
    with page.expect_navigation():
        link.press("Enter")


def press(page, button="button", within="main"):
    """Press a button of a form by the keyboard; the page that answers must put the focus somewhere."""
    with page.expect_navigation():
        page.locator(f"{within} {button}:visible").first.press("Enter")


def write(page, **values):
    """Write into the controls with these names."""
    for name, value in values.items():
        page.locator(f'main [name="{name}"]').fill(value)


def write_row(page, prefix, **values):
    """Fill in one row; True and False are ticks, what matches no text is chosen by its value or label."""
    for field, value in values.items():
        control = page.locator(f'main [name="{prefix}-{field}"]')
        if control.first.evaluate("one => one.tagName") == "SELECT":
            control.select_option(value)
        elif control.first.get_attribute("type") == "checkbox":
            control.first.check()
        else:
            control.fill(value)


def choose(page, name, value):
    page.locator(f'main [name="{name}"][value="{value}"]').check()


def add_row(page, name):
    """Press “add another” and return the prefix of the new row; the focus is in it."""
    total = page.locator(f'input[name="{name}-total"]')
    index = total.input_value()
    page.locator(f'button[data-add-row="{name}"]').press("Enter")
    expect(total).to_have_value(str(int(index) + 1))
    assert focus(page).startswith(f"{name}-{index}-")
    return f"{name}-{index}"


def focus(page):
    """Return the name, id or tag of what has the focus; "body" means that it is lost."""
    return page.evaluate(
        "() => (({name, id, tagName}) => name || id || tagName.toLowerCase())(document.activeElement)"
    )


def focus_is_told(page):
    """Assert that the focus is on what the page has to say: a message or the summary of mistakes."""
    expect(page.locator("[data-focus]").first).to_be_focused()


def revision(page):
    return int(page.locator("#save-state").get_attribute("data-revision"))


def wait_for_save(page, after):
    """Wait until the line says that a revision later than `after` is stored."""
    page.wait_for_function(
        """(after) => {
          const line = document.getElementById("save-state");
          return line && line.dataset.tone === "good" && Number(line.dataset.revision) > after;
        }""",
        arg=after,
    )


def sign_in_again(page, person, check=None):
    """Sign in by the real form in another tab, with the second factor where the person has one."""
    # The limits of signing in, and that a code counts once, are tested elsewhere.
    cache.clear()
    tab = page.context.new_page()
    open_page(tab, "account_login")
    if check:
        check(tab, "sign-in")
        write(tab, login=person.email, password="nie to hasło, tylko inne")
        press(tab)
        check(tab, "sign-in-mistake")
    write(tab, login=person.email, password=PASSWORD)
    tab.locator('main input[name="password"]').press("Enter")
    if hasattr(person, "totp_secret"):
        tab.locator('main input[name="code"]').focus()
        # A code counts for thirty seconds: none is taken that ends while it is typed.
        while time.time() % 30 > 25:
            tab.wait_for_timeout(500)
        tab.locator('main input[name="code"]').fill(code(person))
        tab.locator('main input[name="code"]').press("Enter")
    tab.wait_for_url(f"**{address('desk')}")
    tab.close()
    page.bring_to_front()
