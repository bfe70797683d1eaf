/** Of whom the app says nothing, the id is all there is. */
export function nameOfOwner({
  id,
  name,
  email,
}: {
  id: string;
  name: string | null;
  email: string;
}) {
  return name ?? (email || id);
}
