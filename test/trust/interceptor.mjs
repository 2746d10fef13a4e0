// A proxy that reads along: it takes CONNECT for any host and answers in its place, with the certificate it is given.
// Arguments: the files of its key and certificate, and the file that it writes each authorization to. Prints its port.
import { appendFileSync, readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";

const [key, cert, seen] = process.argv.slice(2);
const inside = https.createServer(
  { key: readFileSync(key), cert: readFileSync(cert) },
  (request, response) => {
    appendFileSync(seen, `${request.headers.host} ${request.headers.authorization ?? ""}\n`);
    response.writeHead(401).end();
  },
);
const proxy = http.createServer();
proxy.on("connect", (_request, socket) => {
  socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
  socket.on("error", () => {});
  inside.emit("connection", socket);
});
proxy.listen(0, "127.0.0.1", () => console.log(proxy.address().port));
