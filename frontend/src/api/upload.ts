import { ApiError, address, csrfToken } from "./client";
import type { Problem } from "./types";

/** Send one form with its progress told (fetch cannot); refused forms reject with the service's problem. */
export function upload<T>(
  path: string,
  form: FormData,
  { progress, signal }: { readonly progress: (part: number) => void; readonly signal?: AbortSignal },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open("POST", address(path));
    call.responseType = "text";
    call.setRequestHeader("Accept", "application/json");
    call.setRequestHeader("X-CSRFToken", csrfToken());
    call.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    };
    call.onload = () => {
      if (call.status >= 200 && call.status < 300) resolve(JSON.parse(call.responseText) as T);
      else reject(new ApiError(readProblem(call.status, call.responseText)));
    };
    call.onerror = () => {
      reject(new ApiError(readProblem(0, "")));
    };
    signal?.addEventListener("abort", () => {
      call.abort();
    });
    call.send(form);
  });
}

export function readProblem(status: number, text: string): Problem {
  const bare: Problem = { type: "about:blank", title: "", status, code: status ? `http_${status}` : "unreachable", detail: "", facts: {} };
  try {
    return { ...bare, ...(JSON.parse(text) as Partial<Problem>) };
  } catch {
    return bare;
  }
}
