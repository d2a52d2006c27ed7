// Opens a page in a headless Chromium, and prints as one JSON object what #answer holds once there is an outcome, and
// what the browser's console said. Runs where playwright-core is installed.
//
//     node open.mjs CHROMIUM URL
import { chromium } from "playwright-core";

const [executablePath, url] = process.argv.slice(2);
// Nothing but the loopback interface is asked, neither by name nor through a proxy.
const args = ["--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"];
const browser = await chromium.launch({ executablePath, args, timeout: 120_000 });
try {
  const page = await browser.newPage();
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  await page.goto(url);
  const answer = page.locator("#answer[data-outcome]");
  await answer.waitFor({ timeout: 60_000 }).catch((error) => {
    throw new Error(`${url}: found no outcome, and in the console: ${said.join("; ") || "nothing"}`, { cause: error });
  });
  const outcome = await answer.getAttribute("data-outcome");
  console.log(JSON.stringify({ outcome, text: await answer.textContent(), said }));
} finally {
  await browser.close();
}
