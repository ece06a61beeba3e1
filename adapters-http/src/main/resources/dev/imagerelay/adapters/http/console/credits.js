/* The caller's account: what is left, where it came from, and where the rest went. */
import { chart } from './chart.js';
import { askJson, byId, credits, h, key, some, time } from './console.js';
import { kept } from './orders.js';
import { nothing, table } from './table.js';

const TONES = ['accent', 'warn', 'faint']; // as many models are told apart

/** What an entry does, in words: its name, whether it changes what can be spent, and how it looks. */
const KINDS = {
  granted: ['Came in', '+', 'good'],
  held: ['Held for an order', '−', ''],
  settled: ['Paid for pictures', '', 'warn'],
  released: ['Given back, not needed', '+', ''],
  expired: ['Expired', '−', 'bad'],
  refunded: ['Refunded', '+', 'good'],
  adjusted_up: ['Added by hand', '+', 'good'],
  adjusted_down: ['Taken by hand', '−', 'bad'],
};

let asked = 0;

async function load() {
  const number = ++asked;
  byId('account').setAttribute('aria-busy', 'true');
  try {
    const [totals, grants, entries] = await Promise.all([
      askJson('/api/ai/credits'), askJson('/api/ai/credits/grants'), askJson('/api/ai/credits/entries')]);
    if (number !== asked) return;
    byId('account').hidden = false;
    byId('state').hidden = true;
    await showUsage();
    showTotals(totals);
    byId('grants').replaceChildren(grantTable(grants.data));
    shown = [];
    showEntries(entries);
  } catch (refused) {
    if (number === asked) showRefused(refused);
  } finally {
    byId('account').setAttribute('aria-busy', 'false');
  }
}

function showRefused(refused) {
  byId('account').hidden = true;
  byId('state').hidden = false;
  byId('state').className = 'note bad';
  byId('state').textContent = refused.status ? refused.message : 'The gateway cannot be reached.';
}

function showTotals(totals) {
  for (const name of ['available', 'held', 'spent', 'granted', 'expired']) byId(name).textContent = credits(totals[name]);
}

const grantTable = grants => table('Where your credits come from', [
  { name: 'Grant', cell: grant => grant.source.replaceAll('_', ' ') },
  { name: 'Came in', cell: grant => time(grant.granted_at) },
  { name: 'Expires', cell: grant => grant.expires_at ? time(grant.expires_at) : 'never' },
  { name: 'Granted', right: true, cell: grant => credits(grant.granted) },
  { name: 'Held', right: true, cell: grant => credits(grant.held) },
  { name: 'Left', right: true, cell: grant => credits(grant.available) },
], grants, 'Nothing is left of any.');

// --- Spending -------------------------------------------------------------------------------------------------------

let usageAsked = 0;

async function showUsage() {
  const number = ++usageAsked;
  const days = Number(byId('days').value);
  const rows = (await askJson(`/api/ai/credits/usage?days=${days}`)).data;
  if (number !== usageAsked) return;
  const spent = row => row.charged - row.refunded;
  const total = rows.reduce((sum, row) => sum + spent(row), 0);
  const models = dearest(rows, spent);
  const bars = lastDays(days).map(day => {
    const parts = models.map(names => rows
      .filter(row => row.day === day && names.includes(row.model))
      .reduce((sum, row) => sum + spent(row), 0));
    const sum = parts.reduce((a, b) => a + b, 0);
    return { label: day.slice(5), title: `${day}: ${some(sum, 'credit')}`, parts };
  });
  const series = models.map((names, i) => ({ name: names.length === 1 ? names[0] : 'other models', tone: TONES[i] }));
  byId('total').textContent = `${some(total, 'credit')} in the last ${days} days`;
  byId('chart').replaceChildren(chart(bars, series));
  byId('usage').replaceChildren(table('Spent by day', [
    { name: 'Day (UTC)', cell: row => row.day },
    { name: 'Model', cell: row => row.model },
    { name: 'Orders', right: true, cell: row => credits(row.orders) },
    { name: 'Pictures', right: true, cell: row => credits(row.images) },
    { name: 'Charged', right: true, cell: row => credits(row.charged) },
    { name: 'Refunded', right: true, cell: row => credits(row.refunded) },
  ], [...rows].reverse(), `Nothing was ordered in the last ${days} days.`));
}

/** The models on which most was spent, and the others together. */
function dearest(rows, spent) {
  const byModel = new Map();
  for (const row of rows) byModel.set(row.model, (byModel.get(row.model) ?? 0) + spent(row));
  const names = [...byModel.keys()].sort((a, b) => byModel.get(b) - byModel.get(a));
  return names.length <= TONES.length
    ? names.map(name => [name])
    : [...names.slice(0, TONES.length - 1).map(name => [name]), names.slice(TONES.length - 1)];
}

function lastDays(days) {
  return Array.from({ length: days }, (_, i) =>
    new Date(Date.now() - (days - 1 - i) * 86400000).toISOString().slice(0, 10));
}

// --- Entries --------------------------------------------------------------------------------------------------------

let shown = [];
let next = null;

function showEntries(page) {
  shown = [...shown, ...page.data];
  byId('entries').replaceChildren(table('Entries', [
    { name: 'When', cell: entry => time(entry.at) },
    { name: 'What', cell: entry => h('span', { class: `badge ${kind(entry)[2]}` }, kind(entry)[0]) },
    { name: 'Credits', right: true, cell: entry => kind(entry)[1] + credits(entry.amount) },
    { name: 'Request or note', cell: entry => entry.note
      ? h('span', { class: 'break' }, `${entry.note.reason} (${entry.note.who})`)
      : entry.relay && [h('span', { class: 'mono' }, entry.relay), entry.kind === 'settled' && result(entry)] },
  ], shown, 'Nothing has happened yet.'));
  next = page.next;
  byId('more').hidden = !page.has_more;
}

const kind = entry => KINDS[entry.kind] ?? [entry.kind, '', ''];

/** What was paid for, for whoever asks; made once, as the table is made anew when more is shown. */
function result(entry) {
  entry.result ??= h('div', { class: 'result', tabindex: -1, 'aria-live': 'polite' }, showButton(entry));
  return entry.result;
}

const showButton = entry => h('button', {
  type: 'button', 'aria-label': `Show picture of ${entry.relay}`, onclick: () => showResult(entry),
}, 'Show picture');

async function showResult(entry) {
  entry.result.replaceChildren(nothing('Fetching it...'));
  entry.result.focus(); // as the button is gone
  entry.result.replaceChildren(...await kept(entry.relay).then(
    pictures => pictures.map((picture, i) => shownPicture(picture, `Picture ${i + 1} of ${entry.relay}`)),
    refused => refused.status === 404
      ? [nothing('No longer kept.')]
      : [nothing(refused.message), showButton(entry)]));
}

function shownPicture({ blob, url }, name) {
  const address = blob ? URL.createObjectURL(blob) : /^https?:/.test(url ?? '') && url;
  return address
    ? h('a', { href: address, target: '_blank', rel: 'noopener noreferrer' },
      blob ? h('img', { src: address, alt: name }) : name)
    : nothing('No picture came.');
}

async function showMore() {
  byId('more').disabled = true;
  try {
    showEntries(await askJson(`/api/ai/credits/entries?before=${next}`));
  } catch (refused) {
    showRefused(refused);
  } finally {
    byId('more').disabled = false;
  }
}

// --- The start ------------------------------------------------------------------------------------------------------

byId('access').addEventListener('submit', event => {
  event.preventDefault();
  key.set(byId('key').value.trim());
  load();
});
byId('days').addEventListener('change', () => showUsage().catch(showRefused));
byId('more').addEventListener('click', showMore);
key.takeFromAddress();
byId('key').value = key.get();
if (key.get()) load();
