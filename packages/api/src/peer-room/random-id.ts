/** 72 random bits as 12 letters; `crypto.randomUUID` does not exist on insecure origins. */
export function randomId(): string {
  if (!globalThis.crypto?.getRandomValues) {
    // React Native has it by the package react-native-get-random-values.
    throw new Error("No crypto.getRandomValues here.");
  }
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}
