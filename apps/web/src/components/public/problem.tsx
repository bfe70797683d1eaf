/** What stood in the way, above the form's button. */
export function Problem({ children }: { children: string }) {
  return (
    <p
      role="alert"
      className="rounded-r-sm border-l-[3px] border-l-destructive bg-destructive-soft px-3 py-2 text-sm"
    >
      {children}
    </p>
  );
}
