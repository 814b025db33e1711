import qrcode from "qrcode-generator";
import styles from "./qr-code.module.css";

/** A QR code, drawn as one path: dark on light in every colour scheme, as cameras expect. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const code = qrcode(0, "M");
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  const squares = Array.from({ length: size * size }, (_, at) => ({ row: Math.floor(at / size), column: at % size })).filter(({ row, column }) => code.isDark(row, column));
  return (
    <svg className={styles.code} viewBox={`-4 -4 ${String(size + 8)} ${String(size + 8)}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect x="-4" y="-4" width={size + 8} height={size + 8} fill="#fff" />
      <path fill="#000" d={squares.map(({ row, column }) => `M${String(column)} ${String(row)}h1v1h-1z`).join("")} />
    </svg>
  );
}
