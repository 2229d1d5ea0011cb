//! Headings and what stands under them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::{Lexicon, words};

/// What a section is about. A heading may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Topic {
    Verdict,
    Findings,
    MustFix,
    ShouldFix,
    Defer,
    Acceptances,
    Checklist,
    /// What must hold before a launch.
    Criteria,
    /// What may be open at a launch.
    MayBeOpen,
    /// What stops a launch.
    Stops,
    /// What opens a phase.
    OpensPhase,
    Conditions,
    Blockers,
    Decisions,
    Phases,
    Effort,
    Strengths,
    Weaknesses,
    Evidence,
    Impact,
    Cause,
    Fix,
    Actions,
    Definitions,
    SignOff,
    References,
    BeforeLaunch,
    AtLaunch,
    AfterLaunch,
    /// Watching after a launch, which is no list of problems.
    Monitoring,
    Questions,
    /// How sure the document is of what.
    Confidence,
    /// Why it says so.
    Reason,
    /// One category of an assessment.
    Category,
}

const TOPICS: &[(Topic, &str)] = &[
    (
        Topic::Verdict,
        "verdict|final verdict|final decision|go no go decision|go no go|overall verdict|decision|\
         conclusion|recommendation|launch approval|launch decision|release decision|go live status|\
         overall status|overall assessment|assessment result|launch authorization|entscheidung|\
         urteil|fazit|gesamtbewertung|freigabeentscheidung|verdict final|décision finale|décision|\
         conclusion générale|veredicto|decisión|decisión final|conclusión|oordeel|besluit|conclusie|\
         verdetto|decisione|conclusione|veredito|decisão",
    ),
    (
        Topic::Findings,
        "findings|issues|problems|defects|bugs|critical issues|known issues|open issues|new issues|\
         risks|risk register|vulnerabilities|gaps|key findings|detailed findings|befunde|probleme|\
         mängel|risiken|offene punkte|problèmes|constats|anomalies|risques|hallazgos|problemas|\
         riesgos|bevindingen|problemen|risico s|risultati|problemi|rischi|riscos|issue|finding|\
         minor issues|major issues|concerns|deficiencies|showstoppers",
    ),
    (
        Topic::MustFix,
        "must fix|must be fixed|mandatory fixes|required fixes|launch blocking|launch blockers|\
         must fix before launch|must fix before go live|required before launch|\
         required before go live|critical blockers|blocking issues|muss behoben werden|\
         vor dem start zu beheben|vor go live zu beheben|zwingend|à corriger avant|obligatoire|\
         debe corregirse|obligatorio|moet worden opgelost|verplicht|da correggere|obbligatorio|\
         release blockers|go live blockers|must have|must haves|p0",
    ),
    (
        Topic::ShouldFix,
        "should fix|should be fixed|should have|recommended fixes|sollte behoben werden|\
         devrait être corrigé|debería corregirse",
    ),
    (
        Topic::Defer,
        "can be deferred|can defer|deferred|defer|deferrable|postponed|can wait|nice to have|backlog|\
         post launch fixes|after launch fixes|fix later|later|kann warten|verschoben|zurückgestellt|\
         nach dem start|différé|reporté|peut attendre|puede esperar|aplazado|kan wachten|uitgesteld|\
         rinviabile|rinviato|pode esperar|could have|won t fix now",
    ),
    (
        Topic::Acceptances,
        "accepted risks|risk acceptance|risk acceptances|risk acceptance summary|waivers|exceptions|\
         acceptances|akzeptierte risiken|risikoakzeptanz|risques acceptés|acceptation des risques|\
         riesgos aceptados|aceptación de riesgos|geaccepteerde risico s|rischi accettati|\
         riscos aceitos|residual risks|restrisiken",
    ),
    (
        Topic::Checklist,
        "checklist|check list|checkliste|liste de contrôle|lista de verificación|\
         lista de comprobación|controlelijst|lista di controllo|lista de verificação|next actions|\
         to do|todo|todos|action items|pre flight|preflight|verification|approval",
    ),
    (
        Topic::Criteria,
        "go live criteria|launch criteria|exit criteria|entry criteria|acceptance criteria|\
         release criteria|go criteria|readiness criteria|success criteria|quality gates|\
         do not launch until|do not go live until|do not deploy until|must be true|\
         do not proceed until|definition of done|definition of ready|gate criteria|freigabekriterien|\
         startkriterien|abnahmekriterien|go live kriterien|nicht starten bevor|critères de lancement|\
         critères de mise en production|ne pas lancer avant|criterios de lanzamiento|\
         criterios de salida|no lanzar hasta|vrijgavecriteria|niet live gaan voordat|\
         criteri di lancio|critérios de lançamento|only launch when|launch only if|go if|go only if|\
         minimum requirements",
    ),
    (
        Topic::MayBeOpen,
        "can launch with|may launch with|can launch with monitoring|acceptable at launch|may be open|\
         darf offen sein|kann mit überwachung starten|peut être lancé avec|se puede lanzar con",
    ),
    (
        Topic::Stops,
        "no go criteria|no go conditions|automatic no go|rollback triggers|rollback criteria|\
         rollback trigger|abort criteria|stop criteria|kill criteria|no go if|abbruchkriterien|\
         critères d arrêt|critères de rollback|criterios de reversión|criterios de no go|\
         no go kriterien|stopcriteria|criteri di rollback",
    ),
    (
        Topic::OpensPhase,
        "prerequisites|voraussetzungen|prérequis|requisitos previos|vereisten|prerequisiti|\
         pré requisitos|required before|preconditions|entry conditions",
    ),
    (
        Topic::Conditions,
        "conditions|conditions for launch|launch conditions|conditions of approval|\
         pre launch requirements|with the following conditions|bedingungen|auflagen|\
         conditions de lancement|condiciones|voorwaarden|condizioni|condições|stipulations|\
         launch requirements|go live conditions",
    ),
    (
        Topic::Blockers,
        "blockers|blocking items|external blockers|dependencies|external dependencies|waiting on|\
         blockaden|blocker|hindernisse|externe abhängigkeiten|bloquants|dépendances|bloqueos|\
         bloqueantes|dependencias|blokkades|bloccanti|bloqueios|blocked by|external provisioning|\
         open dependencies|impediments",
    ),
    (
        Topic::Decisions,
        "decisions|decision log|decision register|open decisions|decision required|\
         decisions required|pending decisions|entscheidungen|offene entscheidungen|décisions|\
         journal des décisions|decisiones|besluiten|decisioni|decisões",
    ),
    (
        Topic::Phases,
        "phases|phase gate|phase gates|gates|rollout plan|launch strategy|launch plan|rollout|stages|\
         milestones|phasen|meilensteine|stufenplan|étapes|jalons|fases|hitos|fasen|mijlpalen|fasi|\
         launch steps|deployment plan|release plan|deployment phases",
    ),
    (
        Topic::Effort,
        "estimated effort|effort|estimates|effort estimate|effort estimation|timeline|time estimates|\
         critical path|aufwand|aufwandsschätzung|zeitplan|kritischer pfad|estimation|charge|esfuerzo|\
         estimación|inspanning|planning|stima|estimated time",
    ),
    (
        Topic::Strengths,
        "strengths|what works|positives|highlights|stärken|points forts|fortalezas|sterke punten|\
         punti di forza|pontos fortes|achievements|completed|what is ready",
    ),
    (
        Topic::Weaknesses,
        "weaknesses|areas for improvement|improvements|what does not work|shortcomings|schwächen|\
         verbesserungsbedarf|points faibles|axes d amélioration|debilidades|puntos débiles|\
         zwakke punten|punti deboli|pontos fracos|negatives",
    ),
    (
        Topic::Evidence,
        "evidence|evidence summary|proof|tests performed|nachweise|belege|preuves|evidencias|bewijs|\
         prove|audit scope|test results",
    ),
    (
        Topic::Impact,
        "impact|impacts|consequences|auswirkung|auswirkungen|conséquences|impacto|gevolgen|impatto",
    ),
    (Topic::Cause, "root cause|cause|causes|ursache|ursachen|cause racine|causa|oorzaak"),
    (
        Topic::Fix,
        "fix|safe fix|action items|remediation|resolution|solution|steps to fix|lösung|behebung|\
         correction|solución|oplossing|soluzione|required action|how to fix",
    ),
    (
        Topic::Actions,
        "next actions|next steps|actions|recommendations|immediate|required actions|\
         immediate actions|nächste schritte|maßnahmen|empfehlungen|prochaines étapes|\
         actions requises|recommandations|próximos pasos|acciones|recomendaciones|volgende stappen|\
         acties|aanbevelingen|prossimi passi|azioni|raccomandazioni|próximos passos|pre launch|\
         action plan|plan of action",
    ),
    (
        Topic::Definitions,
        "decision options|definitions|legend|decision framework|verdict definitions|legende|begriffe|\
         définitions|légende|definiciones|leyenda|definities|definizioni|decision criteria|\
         rating scale|status definitions",
    ),
    (
        Topic::SignOff,
        "sign off|signoff|signatures|approvals|authorization|authorisation|freigabe|unterschriften|\
         signature|approbation|aprobación|firmas|goedkeuring|handtekeningen|firme|approvazione|\
         assinaturas|launch authorization",
    ),
    (
        Topic::References,
        "references|links|related documents|see also|appendix|referenzen|verweise|anhang|références|\
         annexe|referencias|anexo|referenties|bijlage|riferimenti|allegati",
    ),
    (
        Topic::BeforeLaunch,
        "before launch|before go live|before public launch|pre launch|prelaunch|pre go live|\
         before cutover|pre cutover|before release|before deployment|pre deployment|\
         before production|before the launch|vor dem start|vor dem go live|vor go live|\
         vor der freigabe|avant le lancement|avant la mise en production|antes del lanzamiento|\
         voor de lancering|voor livegang|prima del lancio|antes do lançamento|prior to launch|\
         prior to go live|before the release",
    ),
    (
        Topic::AtLaunch,
        "cutover|go live day|launch day|during launch|am starttag|jour j|día de lanzamiento|\
         lanceerdag|at launch",
    ),
    (
        Topic::AfterLaunch,
        "post launch|after launch|post go live|after go live|post cutover|after cutover|\
         post deployment|post release|after the launch|nach dem start|nach dem go live|nach go live|\
         après le lancement|après la mise en production|después del lanzamiento|na de lancering|\
         na livegang|dopo il lancio|após o lançamento|following launch|days of launch",
    ),
    (
        Topic::Monitoring,
        "monitoring|post launch monitoring|hypercare|überwachung|surveillance|supervisión|bewaking|\
         monitoraggio",
    ),
    (
        Topic::Confidence,
        "confidence|confidence assessment|high confidence|medium confidence|low confidence|\
         zuversicht|confiance|confianza|vertrouwen",
    ),
    (
        Topic::Reason,
        "rationale|reason|reasons|justification|begründung|raison|raisons|justificación|motivering|\
         motivazione|why",
    ),
    (Topic::Questions, "question|questions|open questions|fragen|preguntas|vragen|domande"),
];

static LEXICON: LazyLock<Lexicon<Topic>> = LazyLock::new(|| Lexicon::of(TOPICS));
static MOMENTS: LazyLock<Lexicon<Topic>> = LazyLock::new(|| {
    let is_moment =
        |topic: Topic| matches!(topic, Topic::BeforeLaunch | Topic::AtLaunch | Topic::AfterLaunch);
    let moments: Vec<(Topic, &str)> = TOPICS.iter().filter(|(topic, _)| is_moment(*topic)).copied().collect();
    Lexicon::of(&moments)
});

/// What a heading says its section is about.
pub(crate) fn topics(heading: &str) -> BTreeSet<Topic> {
    let words = words(heading);
    // `Phase 2 remains blocked until:` introduces what opens it; `Tests blocked until …` does not.
    let until = words
        .last()
        .is_some_and(|last| last.is_one_of(&["until", "bis", "jusqu", "hasta", "totdat", "fino"]));
    let blocked =
        until && words.iter().any(|word| word.text.starts_with("block") || word.text.starts_with("bloqu"));
    // The longest phrase counts at each place, but for moments, which may be inside a longer one:
    // `must fix before launch`.
    let moments = (0..words.len()).filter_map(|at| MOMENTS.at(&words, at)).map(|(topic, _)| topic);
    let found = LEXICON.all(&words).into_iter().map(|hit| hit.meaning);
    found.chain(moments).chain(blocked.then_some(Topic::OpensPhase)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_understood() {
        let has = |heading: &str, topic: Topic| topics(heading).contains(&topic);
        assert!(has("MUST-FIX Before Public Launch", Topic::MustFix));
        assert!(has("MUST-FIX Before Public Launch", Topic::BeforeLaunch));
        assert!(has("CAN BE DEFERRED SAFELY", Topic::Defer));
        assert!(has("**Do NOT launch until:**", Topic::Criteria));
        assert!(has("3. Akzeptierte Risiken", Topic::Acceptances));
        assert!(has("Phase 26 remains blocked until:", Topic::OpensPhase));
        assert!(has("Pre-Cutover (T-7 days)", Topic::BeforeLaunch));
        assert!(topics("Architecture").is_empty());
    }
}
