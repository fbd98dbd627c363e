// The worker that turns a PIN into a key: the same wasm file as the app, of which it calls one function.

import init, { derive } from "/app.js";

self.onmessage = async ({ data: { pin, salt, memory, passes } }) => {
  try {
    await init({ module_or_path: "/app_bg.wasm" });
    const begun = performance.now();
    const key = derive(pin, salt, memory, passes);
    self.postMessage({ key, took: performance.now() - begun });
  } catch (error) {
    // Told as an error of the worker's.
    setTimeout(() => { throw error; });
  }
};
