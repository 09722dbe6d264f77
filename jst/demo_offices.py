"""The offices of the units of the demonstration: real names and towns, and mailboxes that are made up."""

from jst.models import Jst
from jst.spelling import folded

# TERC code → the office, and its town where it is not called like the unit.
OFFICES = {
    "0202": ("Starostwo Powiatowe w Dzierżoniowie", "Dzierżoniów"),
    "0212": ("Starostwo Powiatowe w Lwówku Śląskim", "Lwówek Śląski"),
    "0415": ("Starostwo Powiatowe w Toruniu", "Toruń"),
    "0416": ("Starostwo Powiatowe w Tucholi", "Tuchola"),
    "0601": ("Starostwo Powiatowe w Białej Podlaskiej", "Biała Podlaska"),
    "0614": ("Starostwo Powiatowe w Puławach", "Puławy"),
    "0804": ("Starostwo Powiatowe w Nowej Soli", "Nowa Sól"),
    "0808": ("Starostwo Powiatowe w Świebodzinie", "Świebodzin"),
    "1002": ("Starostwo Powiatowe w Kutnie", "Kutno"),
    "1005": ("Starostwo Powiatowe w Łowiczu", "Łowicz"),
    "1201": ("Starostwo Powiatowe w Bochni", "Bochnia"),
    "1205": ("Starostwo Powiatowe w Gorlicach", "Gorlice"),
    "1206": ("Starostwo Powiatowe w Krakowie", "Kraków"),
    "1216": ("Starostwo Powiatowe w Tarnowie", "Tarnów"),
    "1432": ("Starostwo Powiatowe w Ożarowie Mazowieckim", "Ożarów Mazowiecki"),
    "1435": ("Starostwo Powiatowe w Wyszkowie", "Wyszków"),
    "1604": ("Starostwo Powiatowe w Kluczborku", "Kluczbork"),
    "1606": ("Starostwo Powiatowe w Namysłowie", "Namysłów"),
    "1804": ("Starostwo Powiatowe w Jarosławiu", "Jarosław"),
    "1809": ("Starostwo Powiatowe w Lubaczowie", "Lubaczów"),
    "1821": ("Starostwo Powiatowe w Lesku", "Lesko"),
    "2005": ("Starostwo Powiatowe w Hajnówce", "Hajnówka"),
    "2201": ("Starostwo Powiatowe w Bytowie", "Bytów"),
    "2205": ("Starostwo Powiatowe w Kartuzach", "Kartuzy"),
    "2403": ("Starostwo Powiatowe w Cieszynie", "Cieszyn"),
    "2409": ("Starostwo Powiatowe w Myszkowie", "Myszków"),
    "2416": ("Starostwo Powiatowe w Zawierciu", "Zawiercie"),
    "2602": ("Starostwo Powiatowe w Jędrzejowie", "Jędrzejów"),
    "2604": ("Starostwo Powiatowe w Kielcach", "Kielce"),
    "2609": ("Starostwo Powiatowe w Sandomierzu", "Sandomierz"),
    "2806": ("Starostwo Powiatowe w Giżycku", "Giżycko"),
    "2811": ("Starostwo Powiatowe w Nidzicy", "Nidzica"),
    "2813": ("Starostwo Powiatowe w Olecku", "Olecko"),
    "2815": ("Starostwo Powiatowe w Ostródzie", "Ostróda"),
    "3004": ("Starostwo Powiatowe w Gostyniu", "Gostyń"),
    "3021": ("Starostwo Powiatowe w Poznaniu", "Poznań"),
    "3029": ("Starostwo Powiatowe w Wolsztynie", "Wolsztyn"),
    "3204": ("Starostwo Powiatowe w Goleniowie", "Goleniów"),
    "3209": ("Starostwo Powiatowe w Koszalinie", "Koszalin"),
    "041504": ("Urząd Gminy Lubicz", ""),
    "120617": ("Urząd Gminy Zielonki", ""),
    "143502": ("Urząd Gminy Długosiodło", ""),
    "182105": ("Urząd Gminy Solina", "Polańczyk"),
    "200508": ("Urząd Gminy Narew", ""),
    "220504": ("Urząd Gminy Sierakowice", ""),
    "260902": ("Urząd Gminy Dwikozy", ""),
    "300405": ("Urząd Gminy Piaski", ""),
    "302117": ("Urząd Gminy Tarnowo Podgórne", ""),
    "320901": ("Urząd Gminy Będzino", ""),
    "020202": ("Urząd Miasta Dzierżoniów", ""),
    "061401": ("Urząd Miasta Puławy", ""),
    "100201": ("Urząd Miasta Kutno", ""),
    "120101": ("Urząd Miasta Bochnia", ""),
    "180401": ("Urząd Miasta Jarosławia", ""),
    "200501": ("Urząd Miasta Hajnówka", ""),
    "240302": ("Urząd Miasta Ustroń", ""),
    "241602": ("Urząd Miejski w Zawierciu", ""),
    "280601": ("Urząd Miejski w Giżycku", ""),
    "021203": ("Urząd Gminy i Miasta Lwówek Śląski", ""),
    "061408": ("Urząd Miejski w Nałęczowie", ""),
    "121610": ("Urząd Miejski w Tuchowie", ""),
    "143201": ("Urząd Miejski w Błoniu", ""),
    "160402": ("Urząd Miejski w Kluczborku", ""),
    "160602": ("Urząd Miejski w Namysłowie", ""),
    "220102": ("Urząd Miejski w Bytowie", ""),
    "240902": ("Urząd Gminy i Miasta Koziegłowy", ""),
    "260403": ("Urząd Gminy i Miasta w Chęcinach", ""),
    "281104": ("Urząd Miejski w Nidzicy", ""),
    "302903": ("Urząd Miejski w Wolsztynie", ""),
    "320402": ("Urząd Gminy i Miasta w Goleniowie", ""),
    "226401": ("Urząd Miasta Sopotu", ""),
    "247901": ("Urząd Miasta Żory", ""),
}


def load_offices():
    """Fill in the offices that the register lacks; what an official file said of one stays."""
    lacking = list(Jst.objects.filter(code__in=OFFICES, office_name=""))
    for jst in lacking:
        name, town = OFFICES[jst.code]
        jst.office_name, jst.town = name, town or jst.name
        place = folded(jst.town).replace(" ", "-")
        jst.mailbox = f"{'starostwo' if jst.kind == Jst.Kind.P else 'urzad'}@{place}.demo.example"
        jst.spell()
    Jst.objects.bulk_update(lacking, ["office_name", "town", "mailbox", "search"], batch_size=100)
