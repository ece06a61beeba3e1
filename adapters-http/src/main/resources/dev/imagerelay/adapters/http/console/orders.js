/* An order on its way: sent under one Idempotency-Key however often it is asked for, and remembered until answered. */
import { ask, askJson, key, Refused } from './console.js';

const PENDING = 'image-relay-order-';
const REMEMBERED = 23 * 3600 * 1000; // the gateway knows them for a day, and would make them anew after it
const PUBLIC_PART = 17; // of an API key, in characters

/** The orders that nobody has had an answer to yet. They outlive the tab, as the browser keeps them; keys it does not. */
export const pending = {
  add({ apiKey, ...order }) {
    localStorage.setItem(PENDING + order.name, JSON.stringify({ ...order, by: publicPart(apiKey) }));
  },
  remove: order => localStorage.removeItem(PENDING + order.name),
  /** What was ordered with that key. */
  of: apiKey => Object.keys(localStorage)
    .filter(name => name.startsWith(PENDING))
    .map(name => ({ ...JSON.parse(localStorage.getItem(name)), apiKey }))
    .filter(order => order.by === publicPart(apiKey) && Date.now() - order.since < REMEMBERED),
};

/** What names an API key, and may be shown. */
export const publicPart = apiKey => apiKey.slice(0, PUBLIC_PART);

/** An order for what this body says that may cost so much, with a key of its own. */
export function newOrder(body, atMost) {
  const random = crypto.getRandomValues(new Uint8Array(16));
  const name = Array.from(random, byte => byte.toString(16).padStart(2, '0')).join('');
  return { name, apiKey: key.get(), body, atMost, since: Date.now() };
}

/**
 * Sends an order, or asks again for what became of it. Tells preview of each preview and its index, and returns
 * {pictures, problem, requestId, charged}: charged is what was paid for it, now or before, and the problem, if there is
 * one, is why some pictures are missing. Refusals are thrown.
 */
export async function make(order, preview) {
  for (;;) {
    try {
      return await attempt(order, preview);
    } catch (problem) {
      if (problem.code !== 'idempotency_still_running') throw problem;
      await new Promise(done => setTimeout(done, 1000));
    }
  }
}

async function attempt(order, preview) {
  const response = await ask('/v1/images/generations', {
    method: 'POST',
    body: JSON.stringify(order.body),
    headers: {
      Authorization: `Bearer ${order.apiKey}`,
      'Idempotency-Key': order.name,
      'x-max-credits': String(order.atMost),
    },
  });
  const headers = response.headers;
  const requestId = headers.get('x-original-request-id') ?? headers.get('x-request-id');
  const came = await read(response, preview);
  const told = headers.has('idempotency-replayed') ? null : headers.get('x-credits-charged');
  const charged = told === null ? await paid(requestId, order.apiKey) : Number(told);
  if (came.problem && came.pictures.length === 0) {
    throw Object.assign(came.problem, { requestId, charged });
  }
  return { ...came, requestId, charged };
}

/** The pictures that came of a request, if the gateway still keeps them. */
export const kept = async requestId =>
  (await read(await ask(`/api/ai/images/results/${requestId}`), () => {})).pictures;

const read = async (response, preview) => response.headers.get('content-type')?.startsWith('text/event-stream')
  ? events(response, preview)
  : { pictures: (await response.json()).data.map(picture), problem: null };

/** What the books say was paid for a request; null if they cannot be read now. */
async function paid(requestId, apiKey) {
  try {
    const page = await askJson('/api/ai/credits/entries?limit=200', { headers: { Authorization: `Bearer ${apiKey}` } });
    return page.data
      .filter(entry => entry.relay === requestId && entry.kind === 'settled')
      .reduce((sum, entry) => sum + entry.amount, 0);
  } catch {
    return null;
  }
}

async function events(response, preview) {
  const came = { pictures: [], problem: null };
  for await (const data of datas(response.body)) {
    const event = JSON.parse(data);
    if (event.error) came.problem = new Refused(response.status, event.error, response.headers);
    else if (event.type?.endsWith('.partial_image')) preview(picture(event), event.partial_image_index);
    else if (event.type?.endsWith('.completed')) came.pictures.push(picture(event));
  }
  if (!came.problem && came.pictures.length === 0) throw new TypeError('the stream ended before its pictures');
  return came;
}

/** The data of each event of a stream, by the rules of the HTML standard that matter here. */
async function* datas(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let parts = [];
  let lines = [];
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const broken = value.split('\n');
    parts.push(broken[0]);
    for (const next of broken.slice(1)) {
      const line = parts.join('').replace(/\r$/, '');
      parts = [next];
      if (line.startsWith('data:')) lines.push(line.slice(5).trimStart());
      else if (line === '' && lines.length > 0) {
        yield lines.join('\n');
        lines = [];
      }
    }
  }
}

/** A picture as it was sent: as bytes, or as a link to somewhere else, which the page does not follow by itself. */
function picture(sent) {
  return { blob: sent.b64_json ? toBlob(sent.b64_json) : null, url: sent.url ?? null, revised: sent.revised_prompt ?? null };
}

function toBlob(base64) {
  const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
  return new Blob([bytes], { type: typeOf(bytes) });
}

function typeOf(bytes) {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return 'image/jpeg';
  if (bytes[0] === 0x52 && bytes[8] === 0x57) return 'image/webp';
  return 'image/png';
}
