/** What the documents of the benchmark say: sentences put together from these words, so that they compress as prose does, not as a list does. */
const NOUNS = words(
  "agreement alarm answer archive argument backlog balance barrier batch border bottleneck branch budget buffer " +
    "building cable calendar camera carrier catalog chapter charter checklist client clock cluster column comment " +
    "commission committee compass compromise concern contract corner correction country courier crane curtain " +
    "customer cycle deadline decision delivery deposit description desk detail dispatcher district document draft " +
    "driver engine entrance entry error escrow estimate evening example exception exercise expense factory failure " +
    "fence ferry figure filter folder forecast formula fountain freight gallery garden gateway glossary harbour " +
    "harvest heading horizon hospital household hypothesis import index inspector instrument insurance interval " +
    "inventory invoice island journal junction kernel kitchen label ladder lantern lawyer ledger lesson library " +
    "licence limit location machine magazine manual margin market meadow measure meeting membrane message meter " +
    "method migration minister mirror module moment morning motor mountain museum network notebook notice number " +
    "office operator orchard order outage outline packet painter paragraph parcel partner passage patient pattern " +
    "payment pension pipeline platform policy portrait prefix premise printer priority procedure profile promise " +
    "proposal protocol province quarter question queue railway reason receipt record region register reminder repair " +
    "report request resident reserve resource retailer revision river roster rule runner sample schedule season " +
    "sensor session shelf shift signal silence sketch solution spectrum square stage station statute storage street " +
    "studio subject suburb summary supplier surface survey symptom table tailor target teacher template tenant " +
    "terminal theatre theory threshold ticket timber tolerance tower trader transfer tunnel update valley vendor " +
    "verdict version village volume voucher warehouse warning weather wheel window witness workshop",
);
const VERBS = words(
  "accepts adjusts admits announces approves avoids blocks borrows breaks brings builds cancels carries changes " +
    "clears closes collects combines compares completes confirms connects contains continues controls copies counts " +
    "covers crosses cuts declines defines delays delivers demands describes destroys divides doubles enters estimates " +
    "examines expects explains extends fills finds follows forgets forwards frees guards handles hides holds ignores " +
    "imports improves includes increases inspects interrupts invites joins keeps leaves limits links lists loads " +
    "locates loses lowers mentions merges misses mixes monitors moves needs notices observes offers omits opens " +
    "orders outgrows passes pauses pays permits places plans postpones prefers prepares prevents prints produces " +
    "proves publishes pulls pushes questions raises reaches reads receives records reduces refuses releases removes " +
    "renews repairs repeats replaces reports requires rescues reserves restores returns reveals reverses rewrites " +
    "saves scans selects sends separates settles shares shows signs simplifies skips sorts splits starts stops stores " +
    "studies suggests supports survives tests tolerates traces translates trusts turns updates uses values verifies " +
    "waits warns weighs withdraws writes",
);
const ADJECTIVES = words(
  "abandoned accurate active ancient annual average awkward broad brittle busy calm careful central cheap clean " +
    "clever coarse common complete complex cool costly crowded curious daily damaged deep dense distant double dry " +
    "early eastern empty entire equal exact external faint familiar famous fast final firm flat foreign formal " +
    "fragile free fresh full general gentle global gradual grand grey hard harmless heavy helpful hidden hollow " +
    "honest hourly huge idle inner joint large late lazy lean legal light likely limited local lonely long loose loud " +
    "main manual mature medium mild minor missing mixed modern modest monthly narrow native neat neutral noisy normal " +
    "northern novel obvious odd official old open ordinary original outer overdue parallel partial patient perfect " +
    "plain polite poor possible precise pretty private prompt proper public quiet rapid rare raw ready recent " +
    "regional regular reliable remote rigid rough round rural safe secret separate serious shallow sharp short silent " +
    "simple single slow small smooth soft solid southern spare special stable steady steep strange strict strong " +
    "sudden suitable sure tall temporary tense thick thin tidy tight tiny total tough typical uneven unique upper " +
    "urban urgent useful usual vague valid vast visible warm weak weekly western whole wide wild wooden wrong yearly " +
    "young",
);
const DETERMINERS = words("the the the the a every this that our their one another");
const PREPOSITIONS = words(
  "after against along before behind beside between beyond for from in near of of of on over to under with without",
);
const CONJUNCTIONS = words("although and and because but once since so unless until when whenever where while");

function words(text: string): readonly string[] {
  return text.split(" ");
}

/** Numbers from 0 to below 1 that look random and are the same for each seed (mulberry32, Tommy Ettinger, public domain). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<Item>(random: () => number, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

/** A whole number from 0 to below `limit`. */
export function below(random: () => number, limit: number): number {
  return Math.floor(random() * limit);
}

function phrase(random: () => number): string {
  const described = random() < 0.4 ? `${pick(random, ADJECTIVES)} ${pick(random, NOUNS)}` : pick(random, NOUNS);
  return `${pick(random, DETERMINERS)} ${described}`;
}

function clause(random: () => number): string {
  const core = `${phrase(random)} ${pick(random, VERBS)} ${phrase(random)}`;
  return random() < 0.5 ? `${core} ${pick(random, PREPOSITIONS)} ${phrase(random)}` : core;
}

export function sentence(random: () => number): string {
  const first = clause(random);
  const all = random() < 0.5 ? `${first}, ${pick(random, CONJUNCTIONS)} ${clause(random)}` : first;
  return `${all[0]?.toUpperCase()}${all.slice(1)}.`;
}

/** Three to six sentences. */
export function paragraph(random: () => number): string {
  return Array.from({ length: 3 + below(random, 4) }, () => sentence(random)).join(" ");
}
