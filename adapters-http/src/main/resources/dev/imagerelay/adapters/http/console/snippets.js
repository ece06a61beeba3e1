/* The same order in other words: for a shell, and for OpenAI's SDKs. The key is never among them. */

const KEY = 'IMAGE_RELAY_KEY';

/** What to show for each of them, by the name of the language. */
export const snippets = { curl, Python: python, Node: node, Java: java };

/** A text as a literal that Python, JavaScript and Java read alike. */
const literal = text => JSON.stringify(text);

function curl(order) {
  const json = JSON.stringify(order).replaceAll("'", "'\\''");
  return `curl -s ${location.origin}/v1/images/generations \\
  -H "Authorization: Bearer $${KEY}" \\
  -H "Content-Type: application/json" \\
  -d '${json}'
`;
}

function python(order) {
  const members = Object.entries(order).map(([name, value]) => `    ${name}=${literal(value)},\n`).join('');
  return `import base64, os
from openai import OpenAI

client = OpenAI(base_url="${location.origin}/v1", api_key=os.environ["${KEY}"])
answer = client.images.generate(
${members})
for number, picture in enumerate(answer.data):
    with open(f"picture-{number}.png", "wb") as file:
        file.write(base64.b64decode(picture.b64_json))
`;
}

function node(order) {
  return `import { writeFile } from "node:fs/promises";
import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${location.origin}/v1", apiKey: process.env.${KEY} });
const answer = await client.images.generate(${JSON.stringify(order, null, 2)});
for (const [number, picture] of answer.data.entries()) {
  await writeFile(\`picture-\${number}.png\`, Buffer.from(picture.b64_json, "base64"));
}
`;
}

function java(order) {
  const typed = { size: 'Size', quality: 'Quality', style: 'Style', output_format: 'OutputFormat' };
  const calls = Object.entries(order).map(([name, value]) => {
    const method = name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
    const argument = typed[name] ? `ImageGenerateParams.${typed[name]}.of(${literal(value)})` : literal(value);
    return `        .${method}(${argument})\n`;
  });
  return `OpenAIClient client = OpenAIOkHttpClient.builder()
        .baseUrl("${location.origin}/v1")
        .apiKey(System.getenv("${KEY}"))
        .build();
ImagesResponse answer = client.images().generate(ImageGenerateParams.builder()
${calls.join('')}        .build());
`;
}
