// The worker as the page sees it: one call at a time, each file with a deadline, and a stop.
// It is to the page what supervise.py is to the command line: a file that hangs or ends the worker
// costs itself, and the call goes on in a fresh one.

const FILE_SECONDS = 90;
const START_SECONDS = 180;
const MEMORY = 600 * 1024 * 1024; // WebAssembly gives no memory back: then a fresh worker

class Stopped extends Error {}
class Broken extends Error {}

class Engine {
  constructor(parts, tell) {
    this.parts = parts;
    this.tell = tell; // ({step, file, count}) while something goes on
    this.worker = null;
    this.ready = null;
    this.current = null;
    this.seconds = FILE_SECONDS;
  }

  // A worker that is ready; started when there is none.
  start() {
    if (this.ready) return this.ready;
    const worker = new Worker(this.parts.script);
    this.worker = worker;
    this.served = 0;
    this.ready = new Promise((resolve, reject) => {
      const refuse = (detail) => reject(Object.assign(new Broken(detail), { starting: true }));
      const timer = setTimeout(() => refuse("start"), START_SECONDS * 1000);
      this.refuse = reject;
      worker.onmessage = ({ data }) => {
        if (data.kind === "step") this.tell({ step: data.name });
        else if (data.kind === "ready") {
          clearTimeout(timer);
          worker.onmessage = (event) => this.heard(event.data);
          resolve(worker);
        } else refuse(data.detail);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        refuse(event.message || "worker");
        if (this.worker === worker) this.lost("FILE_DIED", event.message);
      };
      const { wasm, site, lock } = this.parts;
      worker.postMessage({ kind: "load", wasm, site, lock });
    });
    const { ready } = this;
    ready.catch(() => { if (this.ready === ready) this.end(); });
    return ready;
  }

  end() {
    if (this.worker) this.worker.terminate();
    this.worker = this.ready = null;
  }

  // Do what a screen asks. files: [{name, data: Blob}], found by Python under /in/.
  async run(action, asked, files = []) {
    if (this.current) throw new Broken("busy");
    const job = { action, asked: JSON.stringify(asked), files, known: new Map(), again: new Set() };
    job.count = 0;
    job.promise = new Promise((resolve, reject) => Object.assign(job, { resolve, reject }));
    this.current = job;
    this.send(job);
    try {
      return await job.promise;
    } finally {
      clearTimeout(job.timer);
      if (this.current === job) this.current = null;
    }
  }

  async send(job) {
    try {
      const worker = await this.start();
      if (this.current !== job) return;
      this.tell({ step: "work" });
      const { action, asked, files, known } = job;
      worker.postMessage({ kind: "call", action, asked, files, known });
    } catch (fault) {
      job.reject(fault);
    }
  }

  heard(data) {
    const job = this.current;
    if (!job) return;
    if (data.kind === "begins") {
      job.at = data.call;
      this.tell({ file: data.file, count: job.count });
      job.timer = setTimeout(() => this.lost("FILE_TIME"), this.seconds * 1000);
    } else if (data.kind === "ends") {
      clearTimeout(job.timer);
      job.at = null;
      job.count += 1;
      this.served += 1;
      job.known.set(data.call, data.body);
    } else if (data.kind === "done") {
      const files = new Map(data.files.map((one) => [one.name, new Blob([one.data])]));
      if (data.memory > MEMORY) this.end();
      job.resolve({ ...JSON.parse(data.answer), files });
    } else if (data.kind === "broken") this.lost("FILE_DIED", data.detail);
  }

  // The worker is gone or has to go. Its file is told so, once a fresh worker lost it too.
  lost(code, detail) {
    const job = this.current;
    const served = this.served;
    this.end();
    if (!job) return;
    clearTimeout(job.timer);
    if (!job.at) {
      job.reject(new Broken(detail || code));
      return;
    }
    const again = code === "FILE_DIED" && served > 0 && !job.again.has(job.at);
    if (again) job.again.add(job.at);
    else job.known.set(job.at, code);
    job.at = null;
    job.count = 0;
    this.send(job);
  }

  // What goes on, ends now; the next call gets a fresh worker, which is started at once.
  stop() {
    const job = this.current;
    this.current = null;
    if (this.refuse) this.refuse(new Stopped());
    this.end();
    if (job) job.reject(new Stopped());
    this.start().catch(() => {});
  }
}
