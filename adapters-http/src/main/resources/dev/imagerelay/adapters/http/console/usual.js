/* How long the pictures of a model usually take, as this browser has seen it. */

const KEY = 'image-relay-seconds';
const MOST = 9;

const read = () => JSON.parse(localStorage.getItem(KEY) ?? '{}');

/** Remembers how many seconds an order for this model took; only the latest are remembered. */
export function took(model, seconds) {
  const all = read();
  all[model] = [...(all[model] ?? []), seconds].slice(-MOST);
  localStorage.setItem(KEY, JSON.stringify(all));
}

/** The median in words, or an empty text if nothing is known. */
export function usually(model) {
  const sorted = (read()[model] ?? []).sort((a, b) => a - b);
  if (sorted.length === 0) return '';
  const seconds = Math.max(1, Math.round((sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2));
  return seconds < 120 ? `about ${seconds} s` : `about ${Math.round(seconds / 60)} min`;
}
