#!/usr/bin/env python3
"""Checks that vit and huggingface_hub share one cache.

    python3 tools/check_hub_cache.py [--listings FOLDER]

A hub on the loopback interface offers a fixture. Each of the two tools fills a cache from it, the caches are compared, and
each tool reads the cache of the other without the hub. With --listings, what huggingface_hub wrote is listed in two files of
FOLDER, the fixtures of HubCacheTest, and vit is not run. Needs huggingface_hub; 1.33 made the fixtures.
"""
import argparse, hashlib, http.server, json, os, pathlib, subprocess, sys, tempfile, threading

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODEL = ROOT / 'vit-model/src/test/resources/goldens/hf-vit'
FILES = ['config.json', 'preprocessor_config.json', 'model.safetensors']
COMMIT = '0123456789abcdef0123456789abcdef01234567'
NAMES = [('org/name', 'main'), ('org/name', 'refs/pr/1'), ('solo', COMMIT)]


def etag(file):
    content = (MODEL / file).read_bytes()
    if file.endswith('.safetensors'):
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha1(b'blob %d\0' % len(content) + content).hexdigest()


class Hub(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        path, tag = self.path.split('/'), None
        if path[1:3] == ['api', 'models']:
            content = json.dumps({'sha': COMMIT, 'siblings': [{'rfilename': f} for f in FILES]}).encode()
        elif path[-1] in FILES:
            content, tag = (MODEL / path[-1]).read_bytes(), etag(path[-1])
        else:
            return self.send_error(404)
        self.send_response(200)
        self.send_header('Content-Length', str(len(content)))
        self.send_header('X-Repo-Commit', COMMIT)
        if tag:
            self.send_header('ETag', f'"{tag}"')
        self.end_headers()
        if self.command == 'GET':
            self.wfile.write(content)

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


def listing(cache):
    """One line an entry: folder, file with its hash or short content, or link with its target."""
    lines = []
    for path in sorted(cache.rglob('*')):
        name = path.relative_to(cache).as_posix()
        if path.is_symlink():
            lines.append(f'{name} -> {os.readlink(path)}')
        elif path.is_file() and name != 'CACHEDIR.TAG':
            lines.append(f'{name} = {hashlib.sha256(path.read_bytes()).hexdigest()}')
        elif path.is_file():
            lines.append(f'{name} = {path.read_text().splitlines()[0]}')
    return lines


def python(cache, code, **env):
    return subprocess.run([sys.executable, '-c', code], check=True, capture_output=True, text=True,
                          env={**os.environ, 'HF_HUB_CACHE': str(cache), **env}).stdout.strip()


def vit(cache, *arguments, **env):
    return subprocess.run([ROOT / 'vit', *arguments], check=True, stdout=subprocess.PIPE, text=True,
                          env={**os.environ, 'HF_HUB_CACHE': str(cache), **env}).stdout.strip()


def fetch(repository, revision):
    return f'''
import huggingface_hub as h
for file in {FILES}:
    print(h.hf_hub_download({repository!r}, file, revision={revision!r}))'''


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument('--listings')
    listings = options.parse_args().listings
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    online = dict(HF_ENDPOINT=f'http://127.0.0.1:{server.server_port}', HF_HUB_OFFLINE='0')
    offline = dict(HF_ENDPOINT='http://127.0.0.1:9', HF_HUB_OFFLINE='1')
    for plain in '0', '1':
        online['HF_HUB_DISABLE_SYMLINKS'] = plain
        with tempfile.TemporaryDirectory() as folder:
            theirs, ours = pathlib.Path(folder, 'theirs'), pathlib.Path(folder, 'ours')
            for repository, revision in NAMES:
                python(theirs, fetch(repository, revision), **online)
                if not listings:
                    vit(ours, 'pull', f'{repository}@{revision}', **online)
            if listings:
                name = {'0': 'links.txt', '1': 'files.txt'}[plain]
                pathlib.Path(listings, name).write_text('\n'.join(listing(theirs)) + '\n')
                continue
            assert listing(theirs) == listing(ours), (listing(theirs), listing(ours))
            for repository, revision in NAMES:
                snapshot = f'models--{repository.replace("/", "--")}/snapshots/{COMMIT}'
                assert vit(theirs, 'pull', f'{repository}@{revision}', **offline) == str(theirs / snapshot)
                paths = python(ours, fetch(repository, revision), **offline).splitlines()
                assert paths == [str(ours / snapshot / file) for file in FILES], paths
            warnings = python(ours, 'import huggingface_hub as h; i = h.scan_cache_dir();'
                                    'print(len(i.repos), i.warnings, i.incomplete_files)')
            assert warnings == '2 [] frozenset()', warnings
    print('listed' if listings else 'one cache')


if __name__ == '__main__':
    main()
