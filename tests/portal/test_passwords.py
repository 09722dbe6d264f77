"""Fifteen characters that are not among the first to be tried; no other rules."""

import time

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from portal.models import User
from portal.passwords import is_guessable


def is_taken(password, user=None):
    try:
        validate_password(password, user)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    "password",
    [
        "kot-w-butach-7x",
        "correct horse battery staple",
        "zielony rower nad jeziorem",
        "zażółć gęślą jaźń",
        "ala ma kota i psa",
        "x7#kQ9!mZ2$wLp4",
        "8f3c0a9b2e7d6f51c4",
        "Kraków-Wawel-2026-lipiec",
        "dwa koty, trzy wrony i 1 wół!",
        "日本語のとても長い合い言葉です",
        "7!2@9#4$1%8^3&0*5(",
        ("cztery słowa które do siebie nie pasują " * 4)[:128],
    ],
)
def test_a_long_password_is_taken_whatever_it_is_made_of(password):
    assert is_taken(password)


@pytest.mark.parametrize("password", ["", "kot-w-butach-7", "ą" * 14])
def test_fourteen_characters_are_too_few(password):
    assert not is_taken(password)


@pytest.mark.parametrize(
    "password",
    [
        "haslohaslohaslo",
        "Hasło hasło hasło",
        "Haslo123456789012",
        "polskapolska2024!",
        "Warszawa2026!!!!",
        "Październik2026!",
        "Burmistrz2025Gmina",
        "administrator2026",
        "passwordpassword",
        "P@ssw0rdP@ssw0rd",
        "letmein letmein letmein",
        "qwertyuiopasdfgh",
        "qwertyqwertyqwerty",
        "asdfghjklasdfghjkl",
        "abcdefghijklmnop",
        "123456789012345",
        "1990-03-14 2012-05-30",
        "654321654321654321",
        "1qaz2wsx3edc4rfv",
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "żółtażółtażółta",
    ],
)
def test_a_stretched_common_password_is_refused(password):
    assert not is_taken(password)


def test_a_password_like_the_persons_own_name_or_address_is_refused():
    hanna = User(email="hanna.zielinska@urzad-piaski.example", first_name="Hanna", last_name="Zielińska")

    assert not is_taken("hanna.zielinska@urzad", hanna)
    assert is_taken("rower jezioro mapa latarnia", hanna)


def test_a_password_of_a_megabyte_is_judged_at_once():
    text = "".join(chr(97 + number * number % 23) for number in range(1_000_000))

    started = time.process_time()
    is_guessable(text)

    assert time.process_time() - started < 2
