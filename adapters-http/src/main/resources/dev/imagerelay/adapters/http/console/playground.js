/* The playground: an order, its price before it is given, and what came of it. */
import { askJson, byId, copyButton, credits, drawn, h, key, some, time } from './console.js';
import { openGallery } from './gallery.js';
import { make, newOrder, pending, publicPart } from './orders.js';
import { snippets } from './snippets.js';
import { took, usually } from './usual.js';

const LONGEST_PROMPT = 32000;
const PREVIEWS = 3;
const HELD_MILLIS = 1000;
// Of no price, or priced as it is typed: asking when the focus leaves would disable the button that takes it.
const NOT_PRICED_ON_CHANGE = ['prompt', 'stream', 'key', 'count'];
const TURNED_AWAY = [401, 429, 503]; // with these a gateway may not even have looked for the order

let models = [];
let model = null;
let quote = null; // what the gateway said of just this order; null while it is asked
let problem = null; // why it said nothing
let running = false;
let lost = false; // whether an order is out of which nobody knows what became
let gallery = null;

// --- The form -------------------------------------------------------------------------------------------------------

const chosen = name => document.querySelector(`input[name="${name}"]:checked`)?.value;

/** What the form says, as the gateway takes it. */
function order() {
  const body = { model: model.name, prompt: byId('prompt').value.trim(), n: Number(byId('count').value) };
  body.size = chosen('size');
  if (model.qualities.length > 0) body.quality = chosen('quality');
  if (model.styles.length > 0 && byId('style').value) body.style = byId('style').value;
  if (byId('format').value) body.output_format = byId('format').value;
  return body;
}

function choice(group, value, label, checked) {
  return h('label', { class: 'choice' },
    h('input', { type: 'radio', name: group, value, checked }),
    h('span', { class: 'label' }, ...label));
}

/** Sizes by their shape, which is what people choose first. */
function shapes() {
  const byShape = new Map([['Auto', { ratio: null, sizes: ['auto'] }]]);
  for (const size of model.sizes) {
    const [width, height] = size.split('x').map(Number);
    const name = width && height ? ratio(width, height) : size;
    if (!byShape.has(name)) byShape.set(name, { ratio: width && height ? width / height : null, sizes: [] });
    byShape.get(name).sizes.push(size);
  }
  return byShape;
}

function ratio(width, height) {
  const divisor = (a, b) => (b === 0 ? a : divisor(b, a % b));
  const common = divisor(width, height);
  return width / common > 32 ? (width / height).toFixed(2) : `${width / common}:${height / common}`;
}

function outline(shape) {
  const [width, height] = shape === null ? [22, 22] : shape > 1 ? [30, 30 / shape] : [30 * shape, 30];
  const rect = drawn('rect', { x: 17 - width / 2, y: 17 - height / 2, width, height, rx: 3 });
  if (shape === null) rect.setAttribute('stroke-dasharray', '4 3');
  const outlined = drawn('svg', { viewBox: '0 0 34 34', 'aria-hidden': 'true' });
  outlined.append(rect);
  return outlined;
}

function showModel() {
  model = models.find(one => one.name === byId('model').value);
  byId('model-hint').textContent = model.description;
  byId('count').max = model.maxImages;
  byId('count').value = Math.min(Number(byId('count').value) || 1, model.maxImages);
  const before = chosen('shape');
  const all = shapes();
  const first = all.has(before) ? before : [...all.keys()][Math.min(1, all.size - 1)];
  byId('shapes').replaceChildren(...[...all].map(([name, shape]) =>
    choice('shape', name, [outline(shape.ratio), name], name === first)));
  const quality = chosen('quality');
  byId('qualities-set').hidden = model.qualities.length === 0;
  byId('qualities').replaceChildren(...model.qualities.map((name, i) =>
    choice('quality', name, [name], model.qualities.includes(quality) ? name === quality : i === 0)));
  byId('style-field').hidden = model.styles.length === 0;
  byId('style').replaceChildren(
    ...['', ...model.styles].map(name => h('option', { value: name }, name || 'As the model likes')));
  showSizes();
}

function showSizes() {
  const { sizes } = shapes().get(chosen('shape'));
  byId('sizes-set').hidden = sizes[0] === 'auto';
  byId('sizes').replaceChildren(...sizes.map((size, i) =>
    choice('size', size, [size.replace('x', ' × '), h('small', {}, listed(size))], i === 0)));
}

/** What the list says of a size, where it says the same for every quality; the quote knows it exactly. */
function listed(size) {
  const prices = model.pricing.filter(row => row.size === size).map(row => row.price);
  if (prices.length === 0) return '';
  const least = Math.min(...prices);
  return least === Math.max(...prices) ? some(least, 'credit') : `from ${some(least, 'credit')}`;
}

// --- The price ------------------------------------------------------------------------------------------------------

let asked = 0;
let asking = null;

/** Asks what the order costs. Until it is told, what is shown is marked as old, and nothing can be ordered. */
function price() {
  quote = null;
  problem = null;
  show();
  return askPrice();
}

/** Of several answers only the one to the last question counts, in whatever order they come. */
async function askPrice() {
  const number = ++asked;
  asking?.abort();
  asking = new AbortController();
  if (!isPriced()) return;
  let told = null;
  let refusal = null;
  try {
    const body = JSON.stringify({ ...order(), prompt: 'a picture' }); // what it shows costs nothing
    told = await askJson('/v1/images/generations/quote', { method: 'POST', body, signal: asking.signal });
  } catch (refused) {
    refusal = refused;
  }
  if (number !== asked) return;
  const isNews = told === null || JSON.stringify(told) !== JSON.stringify(quote);
  quote = told;
  problem = refusal;
  if (isNews) show(); // as what is shown anew is read aloud anew
  if (isHeldElsewhere()) setTimeout(() => number === asked && askPrice(), HELD_MILLIS);
}

/** Whether the form says something that has a price. */
const isPriced = () => key.get() !== '' && byId('count').checkValidity();

/** Whether credits are missing that other orders hold, and may give back. */
const isHeldElsewhere = () => quote !== null && !quote.covered && quote.held > 0;

/** Why nothing can be ordered now; an empty text if it can. */
function obstacle() {
  const length = [...byId('prompt').value.trim()].length;
  if (running) return 'Your order is being made.';
  if (lost) return 'First find out what became of the last order.';
  if (!key.get()) return 'Enter your API key first.';
  if (problem?.status === 401) return 'This API key is not taken.';
  if (problem) return problem.message;
  if (!byId('count').checkValidity()) return `The model makes 1 to ${model.maxImages} pictures at a time.`;
  if (quote && !quote.covered) {
    const held = isHeldElsewhere() ? ` Orders being made hold ${credits(quote.held)}: wait until they have ended.` : '';
    return `Not enough credits: this needs ${credits(quote.total)}, you have ${credits(quote.available)}.${held}`;
  }
  if (length === 0) return 'Say what the picture shows.';
  if (length > LONGEST_PROMPT) return `The description has ${credits(length)} characters; ${credits(LONGEST_PROMPT)} is the most.`;
  return quote ? '' : 'Asking for the price...';
}

function show() {
  const reason = obstacle();
  byId('make').disabled = reason !== '';
  byId('reason').textContent = reason || (usually(model.name) && `It usually takes ${usually(model.name)}.`);
  byId('price').setAttribute('aria-busy', String(quote === null && problem === null && isPriced()));
  showKey();
  if (quote) {
    byId('price-one').textContent = credits(quote.unit_price);
    byId('price-total').textContent = some(quote.total, 'credit');
    byId('price-now').textContent = credits(quote.available);
    byId('price-after').textContent = quote.covered ? `→ ${credits(quote.available - quote.total)} after` : '';
    byId('make').textContent = quote.n === 1 ? 'Make the picture' : `Make ${quote.n} pictures`;
    byId('price-rule').hidden = quote.rule === 'exact';
    byId('price-rule').textContent = 'The most it can cost: what the model chooses itself may turn out cheaper.';
    byId('balance').hidden = false;
    byId('balance').textContent = some(quote.available, 'credit');
  } else if (problem || !isPriced()) {
    for (const name of ['price-one', 'price-total', 'price-now']) byId(name).textContent = '-';
    byId('price-after').textContent = '';
    byId('price-rule').hidden = true;
    byId('balance').hidden ||= problem !== null || !key.get();
  }
}

function showKey() {
  const refused = problem?.status === 401;
  byId('key-error').hidden = !refused;
  byId('key-error').textContent = refused ? problem.message : '';
  byId('access').open ||= refused;
  byId('key').setAttribute('aria-invalid', String(refused));
  byId('access-state').textContent = quote ? `${publicPart(key.get())}...` : key.get() ? '' : 'is needed';
}

// --- An order -------------------------------------------------------------------------------------------------------

async function give() {
  if (byId('make').disabled) return;
  const streamed = byId('stream').checked ? { stream: true, partial_images: PREVIEWS } : {};
  await carryOut(newOrder({ ...order(), ...streamed }, quote.total));
}

/** Asks what became of orders that an earlier page, or another tab, has not heard of. */
async function resume() {
  for (const left of pending.of(key.get())) {
    if (running || lost) return;
    await carryOut(left, true);
  }
}

async function carryOut(given, again = false) {
  running = true;
  lost = false;
  pending.add(given); // before it is sent: whatever happens to this page, the next one asks under the same key
  show();
  byId('trouble').hidden = true;
  const stopWatch = showJob(given, again);
  try {
    const came = await make(given, preview);
    await keep(given, came, again);
    pending.remove(given); // and not before it is kept
    if (came.problem) showTrouble(came.problem, came.charged);
  } catch (refused) {
    lost = !refused.requestId || (again && TURNED_AWAY.includes(refused.status));
    if (lost) {
      showLost(refused, given);
    } else {
      pending.remove(given); // as the gateway itself said what became of it
      const retry = () => carryOut({ ...given, since: Date.now() });
      showTrouble(refused, refused.charged, refused.status >= 500 ? retry : null);
    }
  } finally {
    stopWatch();
    running = false;
    await price();
  }
}

function showJob(given, again) {
  const body = given.body;
  const [width, height] = (body.size ?? '').split('x').map(Number);
  byId('job').hidden = false;
  byId('job-title').textContent = body.n === 1 ? 'Making a picture' : `Making ${body.n} pictures`;
  byId('job-prompt').textContent = body.prompt;
  byId('job-state').textContent = again
    ? 'It was ordered before. You pay once.'
    : `Up to ${some(given.atMost, 'credit')} held until it is done.`;
  byId('job-picture').hidden = true;
  const shape = width && height ? width / height : 1;
  byId('job-frame').style.aspectRatio = shape;
  byId('job-frame').style.width = `${60 * shape}vh`;
  byId('empty').hidden = true;
  byId('job').scrollIntoView({ block: 'nearest' });
  byId('job-usual').textContent = !again && usually(body.model) ? ` (usually ${usually(body.model)})` : '';
  const tick = () => (byId('job-time').textContent = `${((Date.now() - given.since) / 1000).toFixed(1)} s`);
  tick();
  const timer = setInterval(tick, 100);
  return () => {
    clearInterval(timer);
    byId('job').hidden = true;
    URL.revokeObjectURL(byId('job-picture').src);
    showEmpty();
  };
}

function preview(picture, index) {
  const image = byId('job-picture');
  URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(picture.blob);
  image.alt = 'A preview of the picture';
  image.className = index === 0 ? 'faraway' : '';
  image.hidden = false;
  image.dataset.preview = index + 1;
  byId('job-state').textContent = `Preview ${index + 1}. Previews are free.`;
}

async function keep(given, came, again) {
  const at = Date.now();
  const seconds = again ? null : (at - given.since) / 1000; // nobody here knows how long it took
  if (seconds && !came.problem) took(given.body.model, seconds);
  const { stream, partial_images, ...plain } = given.body;
  for (const [i, picture] of came.pictures.entries()) {
    const kept = {
      id: `${given.name}-${i}`, at: at - i, order: plain, requestId: came.requestId, seconds,
      cost: came.charged === null ? null : came.charged / came.pictures.length, ...picture,
    };
    await gallery.add(kept).catch(() => null); // a browser that is full still shows it
    document.querySelector(`[data-id='${kept.id}']`)?.remove();
    byId('gallery').append(card(kept));
  }
  const newest = [...byId('gallery').children].sort((a, b) => b.dataset.at - a.dataset.at);
  byId('gallery').replaceChildren(...newest);
  showEmpty();
}

// --- What came of it ------------------------------------------------------------------------------------------------

function showTrouble(refused, charged, retry) {
  const cost = charged ?? refused.charged;
  const paid = cost === null || cost === undefined ? null : Number(cost);
  const told = h('p', { class: 'note bad' }, refused.message);
  const facts = h('p', { class: 'small faint break' },
    `Code ${refused.code}. `,
    refused.requestId ? `Request ${refused.requestId}. ` : '',
    paid ? `It cost ${some(paid, 'credit')}.` : paid === 0 || refused.status < 500 ? 'It cost nothing.' : '');
  troubled(paid ? 'Some of the pictures are missing' : 'The picture was not made', told, facts,
    retry && againButton('Try again', retry));
}

function showLost(refused, given) {
  troubled(refused.status ? refused.message : 'The connection broke off',
    h('p', { class: 'note warn' }, 'Nobody here knows whether the order was made. Ask again: it is the same'
      + ' order, and is made and paid for once.'),
    h('div', { class: 'row' }, againButton('Ask again', () => carryOut(given, true)), letGoButton(given)));
}

function troubled(title, ...what) {
  byId('trouble').replaceChildren(h('h3', {}, title), ...what.filter(Boolean));
  byId('trouble').hidden = false;
}

function againButton(label, retry) {
  const button = h('button', { type: 'button' }, label);
  button.addEventListener('click', () => running || retry());
  return button;
}

function letGoButton(given) {
  const button = h('button', { type: 'button', class: 'quiet' }, 'Let it go');
  button.addEventListener('click', () => {
    pending.remove(given);
    lost = false;
    byId('trouble').hidden = true;
    price();
  });
  return button;
}

function card(kept) {
  const address = kept.blob ? URL.createObjectURL(kept.blob) : null;
  const ending = kept.blob?.type.replace('image/', '').replace('jpeg', 'jpg');
  const size = h('span', { class: 'badge' }, (kept.order.size ?? '').replace('x', ' × '));
  const image = address && h('img', { src: address, alt: kept.order.prompt.slice(0, 200), loading: 'lazy' });
  image?.addEventListener('load', () => (size.textContent = `${image.naturalWidth} × ${image.naturalHeight}`));
  const cost = kept.cost === null ? '' : some(kept.cost, 'credit');
  return h('li', { class: 'card picture', 'data-id': kept.id, 'data-at': kept.at },
    address
      ? h('a', { href: address, target: '_blank', rel: 'noopener', 'aria-label': 'Open the picture in a tab' }, image)
      : h('p', { class: 'note' }, link(kept.url)),
    h('div', { class: 'about' },
      h('p', { class: 'prompt' }, kept.order.prompt),
      h('p', { class: 'facts' }, size,
        h('span', { class: 'badge good cost' }, cost),
        kept.seconds && h('span', { class: 'badge' }, `${kept.seconds.toFixed(1)} s`)),
      address && h('a', { class: 'button', href: address, download: `${kept.requestId}.${ending}` }, 'Download'),
      h('details', {},
        h('summary', {}, 'Details and code'),
        facts(kept),
        h('div', { class: 'row' }, ...Object.entries(snippets).map(([language, snippet]) =>
          copyButton(language, () => snippet(kept.order)))))));
}

/** A picture that is elsewhere is fetched only by whoever opens it. */
function link(url) {
  const safe = /^https?:/.test(url ?? '');
  return safe ? h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, 'Open the picture') : 'No picture came.';
}

function facts(kept) {
  const rows = [
    ['Model', kept.order.model], ['Quality', kept.order.quality], ['Request', kept.requestId],
    ['The model understood', kept.revised], ['Made', time(new Date(kept.at).toISOString())], ['Copy the order for', ''],
  ];
  return h('dl', {}, ...rows.filter(([, value]) => value !== null && value !== undefined)
    .flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}

function showEmpty() {
  const any = byId('gallery').children.length > 0;
  byId('empty').hidden = any || running;
  byId('clear').hidden = !any;
}

// --- The start ------------------------------------------------------------------------------------------------------

function listen() {
  byId('order').addEventListener('submit', event => {
    event.preventDefault();
    give();
  });
  byId('order').addEventListener('change', event => {
    if (event.target.id === 'model') showModel();
    if (event.target.name === 'shape') showSizes();
    if (!NOT_PRICED_ON_CHANGE.includes(event.target.id)) price();
  });
  byId('count').addEventListener('input', price);
  byId('prompt').addEventListener('input', show);
  byId('prompt').addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) give();
  });
  byId('key').addEventListener('input', async () => {
    key.set(byId('key').value.trim());
    await price();
    if (quote) await resume();
  });
  document.addEventListener('visibilitychange', () => document.hidden || price()); // another tab may have spent some
  byId('clear').addEventListener('click', async () => {
    await gallery.clear();
    byId('gallery').replaceChildren();
    showEmpty();
  });
}

async function start() {
  key.takeFromAddress();
  byId('key').value = key.get();
  byId('access').open = !key.get();
  listen();
  const kept = openGallery().then(async opened => {
    gallery = opened;
    byId('gallery').append(...(await opened.all()).map(card));
    showEmpty();
  });
  models = (await askJson('/api/ai/models/image/generation')).data;
  byId('model').replaceChildren(...models.map(one => h('option', { value: one.name }, one.label)));
  showModel();
  await Promise.all([price(), kept]);
  document.body.dataset.ready = 'true';
  await resume();
}

start().catch(() => {
  byId('reason').textContent = 'The gateway cannot be reached. Load the page again in a moment.';
});
