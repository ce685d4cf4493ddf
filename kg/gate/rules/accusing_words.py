"""Words of accusation in several languages: what is contested in one is the same word in another.

Written without accents. A claim's own equivalents (dip:equivalentWord) are certain; this list helps to find
others, so what it finds is a warning.
"""

from collections.abc import Mapping

_WORDS = """
kidnapping kidnap kidnapped kidnappings kidnapper abduction abductions abducted abduct
    secuestro secuestros secuestrar secuestrado secuestrada rapto raptos raptado
    enlevement enlevements enlever enleve enlevee rapt sequestration sequestre
    sequestro sequestros sequestrar sequestrado sequestrada
    entfuhrung entfuhrungen entfuhrt rapimento rapimenti rapito rapita
war_crime war_crimes crime_of_war crimes_of_war criminals_of_war crimenes_belicos war_criminal
    war_criminals international_crime
    international_crimes crimes_against_humanity crime_against_humanity crimen_de_guerra crimenes_de_guerra
    criminal_de_guerra
    criminales_de_guerra crimen_internacional crimenes_internacionales crimenes_de_lesa_humanidad
    crimen_de_lesa_humanidad crime_de_guerre crimes_de_guerre criminel_de_guerre criminels_de_guerre
    crime_international crimes_internationaux crimes_contre_l'humanite crime_de_guerra crimes_de_guerra
    criminosos_de_guerra crime_internacional crimes_internacionais crimes_contra_a_humanidade
    kriegsverbrechen kriegsverbrecher crimine_di_guerra crimini_di_guerra
genocide genocides genocidal genocidio genocidios genocida volkermord genozid
ethnic_cleansing limpieza_etnica nettoyage_ethnique limpeza_etnica pulizia_etnica ethnische_sauberung
terrorism terrorist terrorists terrorismo terrorista terroristas terrorisme terroriste terroristes
    terrorismus
    terroristen narcoterrorism narcoterrorist narcoterrorists narco-terrorist narco-terrorists
    narcoterrorismo
    narcoterrorista narcoterroristas
invasion invasions invade invaded invades invader invaders invadir invadio invadido invasor invasores
    envahir envahi envahisseur invasao invadiu einmarsch invasione
aggression aggressor agresion agresiones agresor agresores agression agresseur agressao agressor
    aggressione
coup coups coup_d'etat golpe_de_estado golpe golpista golpistas putsch putschistes staatsstreich
    colpo_di_stato
massacre massacres massacred masacre masacres matanza matanzas masacrado massaker massacro strage
torture tortured tortures tortura torturas torturado torturada torturer folter gefoltert torturato
murder murders murdered murderer assassination assassinated asesinato asesinatos asesinado asesino
    asesinos
    assassinat assassinats assassine meurtre meurtres assassinato assassinado mord ermordung omicidio
piracy pirate pirates pirateria pirata piratas piraterie pirataria
blackmail blackmailed extortion extorted chantaje chantajes extorsion extorsiones chantage chantagem
    extorsao
    erpressung ricatto
theft stolen robbery plunder plundered robo robos robado saqueo saqueado pillage pillages roubo saque
    diebstahl
slavery slaves enslaved esclavitud esclavos esclavizado esclavage esclaves escravidao escravos sklaverei
dictator dictators dictatorship dictador dictadores dictadura dictateur dictature ditador ditadura diktator
annexation annexations annexed anexion anexiones anexado anexada annexee anexacao anexacoes
occupation occupations occupier occupiers ocupacion ocupante ocupantes occupant occupants ocupacao ocupacoes
hostage hostages rehen rehenes otage otages refem refens
espionage spying spy spies espionaje espia espias espionnage espion espions espionagem espiao espioes
sabotage sabotages sabotaje sabotajes sabotagem sabotagens
atrocity atrocities atrocidad atrocidades atrocite atrocites atrocidade
puppet puppets marioneta marionetas titere titeres marionnette marionnettes fantoche fantoches pantin
traitor traitors treason traidor traidores traicion traitre traitres trahison traicao
liar liars lies mentiroso mentirosos mentira mentiras menteur menteurs mensonge mensonges
blockade blockades siege asedio bloqueo bloqueos blocus bloqueio bloqueios
drug_trafficker drug_traffickers drug_lord drug_lords narcotraficante narcotraficantes narco narcos
    narcotrafiquant narcotrafiquants trafiquant_de_drogue trafiquants_de_drogue traficante_de_drogas
    traficantes_de_drogas
corrupt corruption corrupto corrupta corruptos corrupcion corrompu corrompus corrupcao
thief thieves ladron ladrones voleur voleurs ladrao ladroes
fascist fascists fascism fascista fascistas fascismo fasciste fascistes fascisme
fraud frauds fraude fraudes
imperialism imperialist imperialists imperialismo imperialista imperialistas imperialisme imperialiste
    imperialistes
persecution persecutions persecucion persecuciones perseguicao perseguicoes
repression represion repressao
crimes_against_peace crimenes_contra_la_paz crimes_contre_la_paix crimes_contra_a_paz
illegal_criminal illegal_criminals criminal_ilegal criminales_ilegales criminel_illegal criminels_illegaux
    criminosos_ilegais
"""


def _groups(text: str) -> Mapping[str, tuple[str, ...]]:
    """Read the groups; one begins where a line is not indented, and an underscore stands for a space."""
    groups: list[list[str]] = []
    for line in text.strip("\n").splitlines():
        if not line.startswith(" "):
            groups.append([])
        groups[-1] += [word.replace("_", " ") for word in line.split()]
    return {word: tuple(group) for group in groups for word in group}


ALIKE: Mapping[str, tuple[str, ...]] = _groups(_WORDS)
"""The words of the same accusation, by each of them."""
LONGEST_OF_THEM = max(len(word.split()) for word in ALIKE)
