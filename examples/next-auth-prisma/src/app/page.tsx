export default function Page() {
  return <h1>Invoices</h1>;
}
