// Keeps the app on the device, so that it opens without a network.
//
// The build puts three constants before this file:
//   VERSION  names this set of files
//   HASHED   { url: integrity } of files named by their content: they never change
//   FIXED    { url: integrity } of files that keep their name

/* global VERSION, HASHED, FIXED */

const CACHE = `lianxin-${VERSION}`;
const PAGE = "/index.html";
/** What belongs to the server alone and is never answered from here. */
const SERVER = ["/api", "/health", "/print", "/repo", "/public", "/follow"];

/** The open key of a vault, on its way from a page to the one that follows it: in memory, for seconds. It is a handle
 *  that cannot be read out. */
let passed;
const PASSING_MS = 10_000;
/** How long another window may think about whether it has the key. */
const ASKING_MS = 500;

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => {
  switch (event.data?.type) {
    // Only when the user agrees: a newer version never comes in between while something is being written.
    case "activate":
      self.skipWaiting();
      break;
    case "pass":
      passed = { ...event.data, until: Date.now() + PASSING_MS };
      setTimeout(forgetOld, PASSING_MS);
      break;
    case "take":
      event.waitUntil(give(event));
      break;
    case "drop":
      passed = undefined;
      break;
  }
});
self.addEventListener("fetch", (event) => {
  const key = keyOf(event.request);
  if (key) event.respondWith(cacheFirst(key, event.request));
});

/** Fills this version's cache. What an older version holds is copied; only the rest is fetched. */
async function fill() {
  const cache = await caches.open(CACHE);
  const hashed = Object.entries(HASHED).map(async ([url, integrity]) => {
    const held = await caches.match(url, { ignoreVary: true });
    await cache.put(url, held ?? (await fetched(url, { integrity })));
  });
  const fixed = Object.entries(FIXED).map(async ([url, integrity]) => {
    await cache.put(url, await fetched(url, { integrity, cache: "no-cache" }));
  });
  await Promise.all([...hashed, ...fixed]);
}

/** Fetches one file. The integrity refuses a cut answer and one of another version; then the browser
 *  tries the installation again later. */
async function fetched(url, options) {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}

/** Serves the open pages from now on, the very first one too, and drops what older versions held. */
async function takeOver() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("lianxin-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** The cached file that answers a request; undefined leaves the request to the network. */
function keyOf(request) {
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return undefined;
  if (SERVER.some((path) => pathname === path || pathname.startsWith(`${path}/`))) return undefined;
  if (request.mode === "navigate") return PAGE;
  return pathname in HASHED || pathname in FIXED ? pathname : undefined;
}

async function cacheFirst(key, request) {
  const held = await caches.match(key, { cacheName: CACHE, ignoreVary: true });
  return held ?? fetch(request);
}

/** Gives the passed key to the page that asks, or the one that another window holds. */
async function give({ source, ports: [port] }) {
  forgetOld();
  port.postMessage(passed ?? (await askOthers(source)) ?? null);
}

/** Asks the other windows for the key; undefined if none has it. */
async function askOthers(asking) {
  const windows = await self.clients.matchAll({ type: "window" });
  const others = windows.filter((other) => other.id !== asking.id);
  const answers = others.map((other) => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(resolve, ASKING_MS);
    other.postMessage({ type: "wanted" }, [port2]);
  }));
  return (await Promise.all(answers)).find((answer) => answer?.key);
}

function forgetOld() {
  if (passed && passed.until <= Date.now()) passed = undefined;
}
