// A stock automerge-repo client that does what it is told: one command a line on the input, one answer a line on the output.
//
//   node stock.mjs ADDRESS
//
// Nothing of the client is changed. Its two ends are looked at: what its adapter sends and hears is counted.

import { createInterface } from "node:readline";
import { next as A } from "@automerge/automerge";
import { Repo } from "@automerge/automerge-repo";
import { WebSocketClientAdapter } from "@automerge/automerge-repo-network-websocket";

const adapter = new WebSocketClientAdapter(process.argv[2], 200);
const count = { sent: 0, heard: 0 };
const unheard = adapter.send.bind(adapter);
adapter.send = (message) => {
  count.sent += 1;
  unheard(message);
};
adapter.on("message", () => (count.heard += 1));

const repo = new Repo({ network: [adapter] });
const notices = [];
const handles = new Map();

/** The handle of a document, which is listened to for what the server says of it. */
function keep(handle) {
  if (!handles.has(handle.documentId)) {
    handles.set(handle.documentId, handle);
    handle.on("ephemeral-message", ({ message }) => notices.push({ doc: handle.documentId, ...message }));
  }
  return handle;
}

/** What JSON has no form for: {"scalar": "text"} is a string that is no prose, {"uint": 1} a number without sign. */
function value(given) {
  if (Array.isArray(given)) return given.map(value);
  if (given === null || typeof given !== "object") return given;
  if ("scalar" in given) return new A.ImmutableString(given.scalar);
  if ("uint" in given) return new A.Uint(given.uint);
  return Object.fromEntries(Object.entries(given).map(([key, inner]) => [key, value(inner)]));
}

/** Writes fields: prose is spliced, so that edits merge; a step is appended. */
function write(doc, { prose = {}, fields = {}, steps = [], without = [] }) {
  for (const [key, text] of Object.entries(prose)) {
    if (doc[key] === undefined) doc[key] = text;
    else A.updateText(doc, [key], text);
  }
  for (const [key, inner] of Object.entries(fields)) doc[key] = value(inner);
  for (const key of without) delete doc[key];
  if (steps.length > 0) (doc.timeline ??= []).push(...value(steps));
}

const commands = {
  async find({ doc }) {
    return plain(keep(await repo.find(doc)).doc());
  },
  read: ({ doc }) => plain(handles.get(doc).doc()),
  write({ doc, ...words }) {
    handles.get(doc).change((d) => write(d, words));
  },
  /** Writes as another actor. */
  forge({ doc, actor, ...words }) {
    handles.get(doc).update((d) => A.change(A.clone(d, actor), (d) => write(d, words)));
  },
  actor: ({ doc }) => A.getActorId(handles.get(doc).doc()),
  /** A new document, empty: its record names its id, so it is written when that is known. */
  create() {
    return keep(repo.create()).documentId;
  },
  notices: () => notices,
  count: () => count,
};

/** A document as JSON holds it. */
function plain(doc) {
  const simple = (inner) => {
    if (inner instanceof A.ImmutableString) return inner.val;
    return typeof inner === "bigint" ? Number(inner) : inner;
  };
  return JSON.parse(JSON.stringify(doc, (_, inner) => simple(inner)));
}

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...rest } = JSON.parse(line);
  try {
    const answer = await commands[command](rest);
    console.log(JSON.stringify({ answer: answer ?? null }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error?.message ?? error) }));
  }
}
process.exit(0);
