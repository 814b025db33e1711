import { type ReactNode, createContext, use, useCallback, useMemo, useRef, useState } from "react";
import styles from "./toasts.module.css";

type Tone = "good" | "bad" | "plain";
interface Toast {
  readonly key: number;
  readonly text: string;
  readonly tone: Tone;
}

const ToastContext = createContext<(text: string, tone?: Tone) => void>(() => undefined);
const SECONDS_SHOWN = 6;

/** Say something once at the page's foot; readers of the screen hear it. */
export function useToast(): (text: string, tone?: Tone) => void {
  return use(ToastContext);
}

export function ToastDeck({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const next = useRef(0);
  const show = useCallback((text: string, tone: Tone = "plain") => {
    const key = next.current++;
    setToasts((shown) => [...shown, { key, text, tone }]);
    setTimeout(() => {
      setToasts((shown) => shown.filter((toast) => toast.key !== key));
    }, SECONDS_SHOWN * 1000);
  }, []);
  const value = useMemo(() => show, [show]);
  return (
    <ToastContext value={value}>
      {children}
      <div className={styles.deck} role="status" aria-live="polite">
        {toasts.map((toast) => (
          <div key={toast.key} className={styles.toast} data-tone={toast.tone}>
            {toast.text}
          </div>
        ))}
      </div>
    </ToastContext>
  );
}
