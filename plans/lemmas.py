"""Basic forms of Polish words: „szkół” and „szkole” are „szkoła”.

The dictionary of simplemma knows 3.7 million forms. Loaded, it takes 380 MB (56 MB in its frugal way, after
some seconds): too much for a process that answers requests. So only the job that puts plans on the shelf
reads it, as a stream, and leaves in the database what a search needs (`ShelvedForm`).
"""

import re

from portal.spelling import folded

WORD = re.compile(r"[^\W_]+")
LONGEST = 60

# Words that stand in every plan and tell nothing; without Polish marks.
STOP = frozenset(
    """
    a aby ale albo az beda bedzie bez bo by byc byl byla bylo byly co czy dla do gdy gdzie i ich ile
    im inne innych ja jak jako je jego jej jest jezeli jesli juz kazdy kazdego ktora ktore ktorego
    ktorej ktory ktorych ktorym lub ma maja moze mozna na nad nie niz np nr o od oraz po pod poza
    przed przez przy r roku sa sie sa swoich ta tak takze tam te tego tej ten to tych tym tylko u w
    we z za ze zostal zostala zostanie
    """.split()
)

# Words of education for which the dictionary knows nothing, or a rarer word with the same form (gmin is the
# common people, kadr a picture of a film, celach prison cells): basic form → its forms.
OWN = {
    "cel": "celach celami celom",
    "działanie": "działań",
    "gmina": "gmin",
    "kadra": "kadr kadry kadrze kadrę kadrą kadrom kadrami kadrach",
    "kształcenie": "kształceń",
    "nauczanie": "nauczań",
    "niepełnosprawność": "niepełnosprawności niepełnosprawnością niepełnosprawnościom niepełnosprawnościami "
    "niepełnosprawnościach",
    "pedagog": "pedagoga pedagogowi pedagogiem pedagogu pedagodzy pedagogów pedagogom pedagogami pedagogach",
    "rada": "rad",
    "rodzic": "rodzice rodziców rodzicom rodzicami rodzicach",
    "rok": "lat lata latach latami latom",
    "szkolenie": "szkoleń",
    "środek": "środki środków środkom środkami środkach",
    "zajęcia": "zajęć zajęciom zajęciami zajęciach",
}
OWN_FORMS = {form: lemma for lemma, forms in OWN.items() for form in [lemma, *forms.split()]}
PLAIN_FORMS = {(folded(form), folded(lemma)) for form, lemma in OWN_FORMS.items()}
CORRECTED = {form for form, _lemma in PLAIN_FORMS}


def words_of(text):
    """Give the words of a text in small letters, without those that tell nothing."""
    for match in WORD.finditer(text):
        word = match[0].lower()
        if is_telling(word):
            yield word


def is_telling(word):
    """Whether a word may be looked for: long enough, of numbers a year, not one of every sentence."""
    if word.isdigit():
        return len(word) == len("2026")
    return 2 <= len(word) <= LONGEST and folded(word) not in STOP


def records():
    """Give (form, basic form) of every word of the dictionary, in UTF-8."""
    # The public ways of simplemma load the whole; this is how its frugal one reads the file.
    from simplemma.strategies.dictionaries import frontcode
    from simplemma.strategies.dictionaries.dictionary_factory import _read_decompressed

    data = _read_decompressed("pl")
    is_reversed, _count, start = frontcode._read_header(data)
    for _start, form, lemma in frontcode._iter_records(data, start):
        yield (form[::-1], lemma[::-1]) if is_reversed else (form, lemma)


def basic_forms(words):
    """Return {word: basic form}; a word that is not in the dictionary is its own, a name may be found too."""
    asked = {word.encode(): word for word in words}
    names = {word.capitalize().encode(): word for word in words}
    found, found_names = {}, {}
    for form, lemma in records():
        if form in asked:
            found[asked[form]] = lemma.decode()
        if form in names:
            found_names[names[form]] = lemma.decode()
    known = {word: word for word in words} | found_names | found
    return known | {word: OWN_FORMS[word] for word in words if word in OWN_FORMS}


def forms_of(lemmas):
    """Return the pairs (form, basic form) of the basic forms given, both without Polish marks."""
    wanted = {lemma.encode(): folded(lemma) for lemma in lemmas}
    pairs = {(plain, plain) for plain in wanted.values()}
    for form, lemma in records():
        if lemma in wanted:
            plain = folded(form.decode())
            if plain not in CORRECTED:
                pairs.add((plain, wanted[lemma]))
    pairs |= {pair for pair in PLAIN_FORMS if pair[1] in wanted.values()}
    return {(form, lemma) for form, lemma in pairs if len(form) <= LONGEST and len(lemma) <= LONGEST}
