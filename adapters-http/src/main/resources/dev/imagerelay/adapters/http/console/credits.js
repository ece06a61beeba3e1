/* The caller's account: what is left, where it came from, and where the rest went. */
import { chart } from './chart.js';
import { askJson, byId, credits, h, key, some, time } from './console.js';

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
    byId('grants').replaceChildren(...grants.data.map(grantRow));
    if (grants.data.length === 0) byId('grants').append(none(6, 'Nothing is left of any.'));
    byId('lines').replaceChildren();
    showEntries(entries);
  } catch (refused) {
    if (number !== asked) return;
    byId('account').hidden = true;
    byId('state').hidden = false;
    byId('state').className = 'note bad';
    byId('state').textContent = refused.status ? refused.message : 'The gateway cannot be reached.';
  } finally {
    byId('account').setAttribute('aria-busy', 'false');
  }
}

function showTotals(totals) {
  for (const name of ['available', 'held', 'spent', 'granted', 'expired']) byId(name).textContent = credits(totals[name]);
}

const cell = (content, look) => h('td', { class: look }, content);

const none = (columns, text) => h('tr', {}, h('td', { colspan: columns, class: 'faint' }, text));

function grantRow(grant) {
  return h('tr', {},
    cell(grant.source.replaceAll('_', ' ')),
    cell(time(grant.granted_at), 'number'),
    cell(grant.expires_at ? time(grant.expires_at) : 'never', 'number'),
    cell(credits(grant.granted), 'right number'),
    cell(credits(grant.held), 'right number'),
    cell(credits(grant.available), 'right number'));
}

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
  byId('usage').replaceChildren(...[...rows].reverse().map(row => h('tr', {},
    cell(row.day, 'number'), cell(row.model, 'break'), cell(credits(row.orders), 'right number'),
    cell(credits(row.images), 'right number'), cell(credits(row.charged), 'right number'),
    cell(credits(row.refunded), 'right number'))));
  if (rows.length === 0) byId('usage').append(none(6, `Nothing was ordered in the last ${days} days.`));
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

let next = null;

function showEntries(page) {
  byId('lines').append(...page.data.map(line));
  if (byId('lines').children.length === 0) byId('lines').append(none(4, 'Nothing has happened yet.'));
  next = page.next;
  byId('more').hidden = !page.has_more;
}

function line(entry) {
  const [name, sign, look] = KINDS[entry.kind] ?? [entry.kind, '', ''];
  const what = entry.note ? `${entry.note.reason} (${entry.note.who})` : entry.relay;
  return h('tr', { 'data-kind': entry.kind },
    cell(time(entry.at), 'number'),
    cell(h('span', { class: `badge ${look}` }, name)),
    cell(`${sign}${credits(entry.amount)}`, 'right number'),
    cell(entry.relay && !entry.note
      ? h('span', { class: 'mono' }, entry.relay)
      : h('span', { class: 'break' }, what ?? '')));
}

async function showMore() {
  byId('more').disabled = true;
  try {
    showEntries(await askJson(`/api/ai/credits/entries?before=${next}`));
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
byId('days').addEventListener('change', () => showUsage());
byId('more').addEventListener('click', showMore);
key.takeFromAddress();
byId('key').value = key.get();
if (key.get()) load();
