// What the pages of the console share. Everything that came from somewhere is shown by textContent, as text.

/** An element with these properties; a child is a node or a text, and null is none. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [property, value] of Object.entries(properties)) {
    if (property === "dataset") Object.assign(made.dataset, value);
    else if (property in made && !property.includes("-")) made[property] = value;
    else made.setAttribute(property, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export const byId = (id) => document.getElementById(id);

/** An amount as people write it: at most six decimals, and none that say nothing. */
export function credits(amount) {
  return Number(amount).toLocaleString("en", { maximumFractionDigits: 6 });
}

/** "1 credit", "2 credits". */
export function some(count, one) {
  return `${credits(count)} ${one}${Number(count) === 1 ? "" : "s"}`;
}

/** A time as it is told here, and exactly to whoever points at it. */
export function time(iso) {
  const at = new Date(iso);
  const shown = at.toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
  return element("time", { dateTime: iso, title: iso }, shown);
}

/**
 * The caller's key: in this tab's session and nowhere else. An address that ends in #key=... brings one, which is taken
 * out of the address at once.
 */
const KEY = "image-relay-key";
export const key = {
  get: () => sessionStorage.getItem(KEY) ?? "",
  set: (value) => (value ? sessionStorage.setItem(KEY, value) : sessionStorage.removeItem(KEY)),
  takeFromAddress() {
    const brought = new URLSearchParams(location.hash.slice(1)).get("key");
    if (brought) {
      key.set(brought.trim());
      history.replaceState(null, "", location.pathname + location.search);
    }
  },
};

/** A request that was refused, in the words of the gateway. */
export class Refused extends Error {
  constructor(status, error, headers) {
    super(error.message);
    this.status = status;
    this.code = error.code ?? error.type ?? String(status);
    this.requestId = headers.get("x-request-id") ?? "";
    this.charged = headers.get("x-credits-charged");
  }
}

/** Asks the gateway; the answer is good, or this throws how it was refused. */
export async function ask(path, options = {}) {
  const headers = { ...options.headers };
  if (key.get()) headers.Authorization ??= `Bearer ${key.get()}`;
  if (options.body) headers["Content-Type"] = "application/json";
  const response = await fetch(path, { ...options, headers, cache: "no-store" });
  if (!response.ok) throw await refusal(response);
  return response;
}

async function refusal(response) {
  const told = await response.json().catch(() => null);
  const error = told?.error ?? { message: `The gateway answered with status ${response.status}.` };
  return new Refused(response.status, error, response.headers);
}

export const askJson = async (path, options) => (await ask(path, options)).json();

/** Puts a text on the clipboard, and says so on the button. */
export function copyButton(label, text) {
  const button = element("button", { type: "button" }, label);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = "Copied";
    } catch {
      button.textContent = "Could not copy";
    }
    setTimeout(() => (button.textContent = label), 1500);
  });
  return button;
}

const SVG = "http://www.w3.org/2000/svg";

/** The same for a drawing. */
export function drawn(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/**
 * A chart of stacked bars, that wide in pixels. Each of the bars is {label, title, parts}, its parts one amount for each series; the title
 * is what a pointer is told. What is in the chart should be in a table as well.
 */
export function barChart(description, bars, width, height = 200) {
  const left = 44;
  const bottom = 22;
  const top = 10;
  const most = niceCeiling(Math.max(...bars.map((bar) => sum(bar.parts)), 0));
  const chart = drawn("svg", { class: "chart", width, height, role: "img", "aria-label": description });
  const y = (amount) => height - bottom - ((height - bottom - top) * amount) / most;
  for (const share of [0, 0.5, 1]) {
    chart.append(drawn("line", { x1: left, x2: width, y1: y(most * share), y2: y(most * share) }));
    chart.append(drawn("text", { x: left - 8, y: y(most * share) + 4, "text-anchor": "end" }, credits(most * share)));
  }
  const step = (width - left) / bars.length;
  const every = Math.ceil(bars.length / Math.floor((width - left) / 56));
  bars.forEach((bar, i) => {
    const group = drawn("g", {});
    group.append(drawn("title", {}, bar.title));
    let below = 0;
    bar.parts.forEach((part, series) => {
      if (part > 0) {
        group.append(drawn("rect", {
          class: `series-${series}`, x: left + step * i + step * 0.14, width: step * 0.72, rx: Math.min(3, step / 5),
          y: y(below + part), height: Math.max(1, y(below) - y(below + part)),
        }));
      }
      below += part;
    });
    chart.append(group);
    if ((bars.length - 1 - i) % every === 0) {
      const anchor = i === bars.length - 1 ? { x: width, "text-anchor": "end" } : { x: left + step * (i + 0.5), "text-anchor": "middle" };
      chart.append(drawn("text", { ...anchor, y: height - 5 }, bar.label));
    }
  });
  return chart;
}

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);

/** The next of 1, 2, 5, 10, 20, 50 and so on. */
function niceCeiling(amount) {
  if (amount <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(amount));
  return power * [1, 2, 5, 10].find((step) => step * power >= amount * 0.999999);
}
