/** Calls to `/api/v1/`: the session's CSRF token goes along, a refusal becomes a `Refusal` in words. */

const OUT_OF_REACH = "The server can't be reached. Check your connection and try again.";

/** A problem document (RFC 9457), or a network that failed. `message` is for people, `code` for programs. */
export class Refusal extends Error {
  /** @param {Record<string, any>} problem */
  constructor(problem) {
    super(Refusal.#sentence(problem));
    this.code = problem.code ?? "unknown";
    this.status = problem.status ?? 0;
    this.problem = problem;
  }

  /** @param {Record<string, any>} problem */
  static #sentence(problem) {
    const fields = Object.values(problem.errors ?? {}).flat().join(" ");
    return [problem.detail ?? problem.title ?? "Something went wrong.", fields].filter(Boolean).join(" ");
  }
}

/** A key that lets a repeated request happen once; works on plain http too, where `randomUUID` is missing. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {string} url @param {{signal?: AbortSignal}} [options] @returns {Promise<any>} */
export function read(url, options = {}) {
  return call("GET", url, undefined, options);
}

/**
 * @param {string} url
 * @param {object} [body]
 * @param {{signal?: AbortSignal, key?: string}} [options] `key`: of an earlier try of the same request
 * @returns {Promise<any>}
 */
export function create(url, body = {}, options = {}) {
  return call("POST", url, body, options);
}

/**
 * @param {string} method
 * @param {string} url
 * @param {object | undefined} body
 * @param {{signal?: AbortSignal, key?: string}} options
 */
async function call(method, url, body, { signal, key }) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (body) {
    headers["Content-Type"] = "application/json";
    headers["X-CSRFToken"] = csrfToken();
    headers["Idempotency-Key"] = key ?? newKey();
  }
  const request = { method, headers, signal, body: body && JSON.stringify(body) };
  const response = await fetch(url, request).catch((error) => {
    throw error.name === "AbortError" ? error : new Refusal({ code: "unreachable", detail: OUT_OF_REACH });
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal({ status: response.status, ...answer });
  return answer;
}

function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
}
