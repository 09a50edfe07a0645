"""Words that say nothing of a need."""

from __future__ import annotations

from typing import Final

SWEDISH: Final = frozenset(
    """
    och eller samt men att som är vara blir bli har ha hade kan kunna ska skall skulle vill vilja får få vi oss
    vår vårt våra ni er ert era jag mig min mitt mina de dem den det denna detta dessa en ett i på av till för
    från med om mot hos åt vid ur per inom under över efter innan utan så då när där här även också bara endast
    inte ej ingen inget inga någon något några man sin sitt sina andra annan annat alla allt all båda både mer
    mest mindre minst högst ca cirka omkring runt ungefär gärna helst samma sådan sådant eventuellt kanske
    närmare direkt nu idag sedan redan ännu än vad vilken vilket vilka hur hej hejsan tack mvh hälsningar
    vänliga vänlig god dag bästa finns finnas enligt därför eftersom exempelvis t.ex bl.a mm m.m osv dvs etc alt
    alternativt tillsammans totalt total totala sammanlagt ytterligare plus minus varav respektive ena
    """.split()  # noqa: SIM905 - a list of a word a line would be six hundred lines
)
ENGLISH: Final = frozenset(
    """
    and or but to that which is are be been being has have had can could shall should will would may might we us
    our ours you your yours i me my mine they them their it its this these those the a an in on at of for from
    with within by about around approximately roughly as so than then when where here there also only not no any
    some all both more most less least preferably ideally please hello hi dear regards best kind thanks thank if
    what how who each per total overall e.g i.e etc new into over under up out off plus minus one's do does did
    nice
    """.split()  # noqa: SIM905 - a list of a word a line would be six hundred lines
)
FILLING: Final = frozenset(
    """
    söker sökes letar behöver behov behovet behöva önskar önskas intresserade intresserad intresse planerar
    planer tänker tänkt överväger etablera etablering etableringen etablerar expandera expanderar expansion
    växer växande flytta flyttar flytt utöka utökar bygga bygger byggnation byggande uppföra ligga ligger
    liggande placera placering tillgång tillgänglig tillgängligt anslutning ansluta anslutningar tomt tomten
    tomter mark marken markområde område området yta ytan ytor plats platsen läge läget verksamhet verksamheten
    verksamheter företag företaget bolag bolaget kund kunds kunden koncern koncernen ab kommun kommunen kommuner
    region regionen göteborgsregionen göteborgsområdet västsverige sverige sweden gothenburg area möjlighet
    möjligheter möjligt storlek storleksordning storleken lämplig lämpligt lämpliga passande bra gott god stor
    stort stora större liten litet mindre ny nytt nya modern modernt snabb snabbt effekt eleffekt el elkraft
    elanslutning ström effektbehov effektbehovet kapacitet pris priset budget budgeten krav kravet kräver krävs
    måste viktigt viktig viktigast önskemål tillträde tillträdet inflyttning tid tidplan senast fastighet
    fastigheten byggklar byggklart detaljplan detaljplanen planlagd planlagt förslag information info kontakt
    kontakta uppdrag räkning svar återkom återkoppling uppgifter hjälp hjälpa erbjuda erbjuder hitta ser sett
    gäller avser rör fråga förfrågan befintlig befintliga dagens nuvarande ungefärlig sammanhängande inhägnad
    personal parkering parkeringar looking look seeking seek search searching need needs needed require requires
    required want wants wish like interested interest plan plans planning planned establish establishing
    establishment expand expanding grow growing move moving relocate relocation build building buildings
    construct construction site sites plot plots land space location located place company client business
    businesses operation operations group ltd inc suitable available availability possible possibility size
    sized large larger small smaller big good great power electricity electric electrical capacity connection
    connections connected grid supply price prices requirement requirements must essential important access
    ready possession date time timeline offer find help contact suggestions options option existing current
    approx staff parking municipality municipalities county europe nordic nordics scandinavia swedish property
    facility
    """.split()  # noqa: SIM905 - a list of a word a line would be six hundred lines
)
"""What people write around a need: that they search, who they are, that they would like an answer."""
