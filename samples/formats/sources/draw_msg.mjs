// An Outlook message by the npm package @tutao/oxmsg, from what make.py sends on standard input.
import fs from "fs";
import { pathToFileURL } from "url";

const { Email, Attachment } = await import(pathToFileURL(process.env.NODE_PATH + "/@tutao/oxmsg/dist/index.js"));
const job = JSON.parse(fs.readFileSync(0, "utf8"));
const email = new Email(false, false);
email.subject(job.subject).bodyText(job.text).sender(job.from, job.fromName).to(job.to, job.toName);
email.sentOn(new Date(job.date)).receivedOn(new Date(job.date));
for (const a of job.attachments) email.attach(new Attachment(new Uint8Array(Buffer.from(a.data, "base64")), a.name));
fs.writeFileSync(process.argv[2], Buffer.from(email.msg()));
