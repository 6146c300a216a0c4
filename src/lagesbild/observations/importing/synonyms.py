"""Column names as they occur in Swedish, English and a few other exports, and the field each stands for.

Names are compared in lower case with everything but letters and figures taken away. Earlier names win over later ones.
"""

from __future__ import annotations

_NAMES = {
    "source_id": """
        id händelseid ärendenr ärendenummer ärendeid diarienummer diarienr dnr brottsnr brottsnummer
        anmälansnummer anmälningsnr anmälansnr knummer knr rapportnr rapportnummer löpnr löpnummer ref referens
        handelseid arendenr arendenummer incidentid incidentnumber incidntnum incidentnum caseid casenumber
        caseno reportnumber recordid eventid objectid uid guid uuid globalid reference number nr fid
    """,
    "source_type": """
        brottstyp händelsetyp brottsrubricering rubricering brottskategori brott handelsetyp ärendetyp händelse
        handelse eventtype incidenttype offensetype offencetype crimetype offense offence crime primarytype
        calltype titletype kategori category typ type tipo modalidad brottskod kod description descript
    """,
    "occurred": """
        brottsdatumfrom brottsdatumfr fromdatum fromdatumtid datumfrom datumfrån datestart startdate startdatum
        starttid starttime fromdate occurredfrom fr fom from från brottsdatum brottstidpunkt händelsedatum
        händelsetidpunkt handelsedatum tidpunkt skedde inträffade inträffad datumtid datum occurred occurredat
        occurredon datetime incidentdate incidentdatetime eventdate offensedate date fechahecho fecha datesingle
        timestamp month månad manad datereported reporteddate dateofreport pubdate pubdateiso8601 time
    """,
    "occurred_time": """
        brottstid klockslag klockan kl händelsetid handelsetid tid tidfrom fromtid timeofday occurredtime
        incidenttime hourreported time hour timme hora
    """,
    "occurred_to": """
        brottsdatumtom brottsdatumto tilldatum tomdatum datumtom datumtill dateend enddate slutdatum sluttid
        endtime todate occurredto tom till to
    """,
    "occurred_to_time": "tidtom tomtid tilltid totime slutklockslag",
    "reported": """
        anmäld anmäldatum anmälningsdatum anmälansdatum anmälningstid inkom inkomdatum anmald rapporterad
        rapporteringsdatum registrerad reporteddate datereported reported reportedat createddate created
        published publicerad
    """,
    "x": """
        lon long longitude longitud lng xlon easting east öst ost östkoordinat e sweref99e swerefe xkoordinat
        xkoord koordinatx xcoord xcoordinate coordx pointx geomx x sweref99x rt90x
    """,
    "y": """
        lat latitude latitud ylat northing north nord nordkoordinat n sweref99n swerefn ykoordinat ykoord
        koordinaty ycoord ycoordinate coordy pointy geomy y sweref99y rt90y
    """,
    "xy": """
        latlon latlong latlng gps koordinat koordinater coordinates coordinate position point geometri geometry
        geom wkt locationgps
    """,
    "precision_column": "precision noggrannhet loctype locationprecision geokodning",
    "area_name": """
        område stadsdel stadsdelsområde kommun kommunnamn lokalpolisområde lpo basområde omrade neighbourhood
        neighborhood district pddistrict ward beat lsoacode municipality area administrativearealevel1
    """,
    "place_text": """
        adress gatuadress brottsplats plats platsbeskrivning gata gatunamn address streetname hundredblock
        blockaddress location place titlelocation street
    """,
    "note": """
        anteckning anteckningar beskrivning fritext kommentar sammanfattning notering text note notes summary
        comment comments narrative remarks
    """,
    "source_url": "url länk lank link webbadress permalink",
}

SYNONYMS: dict[str, tuple[str, ...]] = {field: tuple(names.split()) for field, names in _NAMES.items()}

PART_SYNONYMS: dict[str, tuple[str, ...]] = {
    "year": ("year", "år", "ar"),
    "month": ("month", "månad", "manad"),
    "day": ("day", "dag"),
    "hour": ("hour", "timme"),
    "minute": ("minute", "minut"),
}

PRECISION_WORDS: dict[str, str] = {
    "exakt": "exact",
    "punkt": "exact",
    "adress": "exact",
    "gata": "street",
    "kvarter": "street",
    "område": "area",
    "stadsdel": "area",
    "kommun": "municipality",
    "län": "municipality",
    "okänd": "none",
    "rooftop": "exact",
    "rangeinterpolated": "exact",
    "geometriccenter": "street",
    "approximate": "area",
}


def plain(name: str) -> str:
    """Only the letters and figures of a column name, in lower case."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())
