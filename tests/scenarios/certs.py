"""Certificates, made by openssl when they are wanted, in the folder of the daemon."""
import ssl
import subprocess

CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def openssl(*words):
    p = subprocess.run(["openssl", *words], capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL)
    if p.returncode != 0:
        raise RuntimeError("openssl %s: %s" % (" ".join(words), p.stderr))


class Certificate:
    """NAME.pem and NAME.key in the folder. by: the CA that signs, or None for a CA that signs itself."""

    def __init__(self, folder, name, san=None, by=None, days=2):
        self.pem, self.key = "%s/%s.pem" % (folder, name), "%s/%s.key" % (folder, name)
        if by is None:
            openssl("req", "-x509", *CURVE, "-subj", "/CN=" + name, "-days", str(days), "-keyout", self.key, "-out", self.pem)
            return
        request, more = self.pem + ".csr", self.pem + ".ext"
        with open(more, "w") as f:
            f.write("basicConstraints=CA:FALSE\n" + ("subjectAltName=%s\n" % san if san else ""))
        openssl("req", *CURVE, "-subj", "/CN=" + name, "-keyout", self.key, "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", by.pem, "-CAkey", by.key, "-CAcreateserial", "-days", str(days),
                "-extfile", more, "-out", self.pem)

    def serve(self, clients=None):
        """The server's side of TLS with this certificate; clients: the CA that has to have signed theirs."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.pem, self.key)
        if clients:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(clients.pem)
        return context
