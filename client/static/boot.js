// Starts the app, keeps it for the days without a network, and offers a newer version when one is ready.
//
// window.lianxinDerive turns a PIN into a key, in a worker; window.lianxinScan reads codes by the camera;
// window.lianxinListen writes down what is said.
//
// The offer: window gets the event "lianxin-update", and window.lianxinUpdate becomes a function that
// puts the newer version in place and reloads. The app calls it when the user agrees.

/** After how long what keeps the app is begun again. */
const AGAIN_MS = 10_000;

window.lianxinDerive = derive;
window.lianxinScan = scan;
window.lianxinListen = listen;
size();
start();
keep();
document.addEventListener("visibilitychange", renew);

/** Shows the text as large as the device remembers: from the first page on, whoever is here. The app changes it. */
function size() {
  try {
    document.documentElement.dataset.text = localStorage.getItem("lianxin-text") ?? "normal";
  } catch (error) {
    // A browser that keeps nothing remembers nothing.
    console.error(error);
  }
}

/** Opens the app. The page says so in words if that fails. */
async function start() {
  try {
    const { default: init } = await import("/app.js");
    await init({ module_or_path: "/app_bg.wasm" });
  } catch (error) {
    console.error(error);
    show("boot-opening", false);
    show("boot-failed", true);
  }
}

/** Derives a key apart from the page, which would stand still meanwhile. The worker ends with it, and gives the
 *  memory back. Answers { key, took }. */
function derive(pin, salt, memory, passes) {
  return new Promise((resolve, reject) => {
    const worker = new Worker("/derive.js", { type: "module" });
    const end = (settle, value) => {
      worker.terminate();
      settle(value);
    };
    worker.onmessage = ({ data }) => end(resolve, data);
    worker.onerror = (event) => end(reject, event.message);
    worker.postMessage({ pin, salt, memory, passes });
  });
}

/** Shows the camera in a video and calls back with every QR code that is seen, some ten times a second. Answers a function
 *  that stops it. */
async function scan(video, found) {
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  let on = true;
  const look = async () => {
    // A picture that is not there yet has no codes.
    const codes = await detector.detect(video).catch(() => []);
    if (!on) return;
    for (const { rawValue } of codes) if (on) found(rawValue);
    if (on) setTimeout(look, 100);
  };
  video.srcObject = stream;
  // Ends by being stopped before it began, too.
  video.play().catch(() => {});
  look();
  return () => {
    on = false;
    stream.getTracks().forEach((track) => track.stop());
  };
}

/** Listens in a language and calls back with each sentence that the browser has made out, and with why it ended. Answers a
 *  function that ends it: false waits for what is being said, true calls back no more. */
function listen(lang, heard, ended) {
  const recognition = new (window.SpeechRecognition ?? window.webkitSpeechRecognition)();
  let why = "";
  recognition.lang = lang;
  recognition.continuous = true;
  recognition.onresult = ({ resultIndex, results }) => {
    for (const result of [...results].slice(resultIndex)) if (result.isFinal) heard(result[0].transcript);
  };
  recognition.onerror = ({ error }) => (why = error);
  recognition.onend = () => ended(why);
  recognition.start();
  return (atOnce) => {
    if (!atOnce) return recognition.stop();
    recognition.onresult = recognition.onerror = recognition.onend = null;
    recognition.abort();
  };
}

/** Shows or hides an element of the opening page, if the page still stands. */
function show(id, shown) {
  const element = document.getElementById(id);
  if (element) element.hidden = !shown;
}

/** Installs the service worker and watches for a newer one. What a poor line cut is begun again: until it is through, the app
 *  does not open without a network. What had come by then is not fetched again. */
async function keep() {
  if (!("serviceWorker" in navigator)) return;
  try {
    const registration = await navigator.serviceWorker.register("/sw.js");
    offer(registration);
    registration.addEventListener("updatefound", () => {
      const { installing } = registration;
      installing.addEventListener("statechange", () => {
        offer(registration);
        if (installing.state === "redundant" && !registration.active) setTimeout(keep, AGAIN_MS);
      });
    });
  } catch (error) {
    console.error(error);
    setTimeout(keep, AGAIN_MS);
  }
}

/** A tablet stays on one page for weeks: looks for a newer version whenever it is taken up again. */
async function renew() {
  if (document.visibilityState !== "visible") return;
  const registration = await navigator.serviceWorker?.getRegistration();
  registration?.update().catch(() => {});
}

/** Tells the app that a newer version waits. A first installation waits for nothing and is not offered. */
function offer({ waiting, active }) {
  if (!waiting || !active) return;
  window.lianxinUpdate = () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting.postMessage({ type: "activate" });
  };
  window.dispatchEvent(new CustomEvent("lianxin-update"));
}
