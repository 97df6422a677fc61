#!/usr/bin/env python3
"""Schema rules, as buf's STANDARD set has them and some of our own.

usage: lint_proto.py FILE.proto...

  package in the folder of its name, version last; proto3; Java options
  message and enum names in CamelCase, fields in snake_case, enum values ENUM_NAME_VALUE, zero UNSPECIFIED
  no optional, required, group, map, Any; presence is a oneof with one member, named FIELD_presence
  times are int64 *_unix_us; numbers are positive, unique, not reserved
  the first message is the record of the file (incident.proto: Incident)
  a comment on every message, enum, field and value
"""
import re
import sys

TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\])*"|[A-Za-z_][\w.]*|-?\d+|[{}=;\[\]<>,()]', re.S)
CAMEL = re.compile(r'^[A-Z][A-Za-z0-9]*$')
SNAKE = re.compile(r'^[a-z][a-z0-9]*(_[a-z0-9]+)*$')
UPPER = re.compile(r'^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$')
SCALARS = {'double', 'float', 'int32', 'int64', 'uint32', 'uint64', 'sint32', 'sint64', 'fixed32',
           'fixed64', 'sfixed32', 'sfixed64', 'bool', 'string', 'bytes'}


def upper_snake(name):
    return re.sub(r'(?<=[a-z0-9])(?=[A-Z])', '_', name).upper()


class Lint:
    def __init__(self, path):
        self.path, self.bad, self.at = path, [], 0
        text = open(path, encoding='utf-8').read()
        self.tokens = []  # (text, line, commented)
        last_comment = 0
        for m in TOKEN.finditer(text):
            line = text.count('\n', 0, m.start()) + 1
            if m.group().startswith(('//', '/*')):
                last_comment = line + m.group().count('\n')
            else:
                self.tokens.append((m.group(), line, last_comment in (line, line - 1)))
        self.package, self.options, self.messages, self.types, self.used = '', set(), [], set(), []

    def fail(self, line, why):
        self.bad.append(f'{self.path}:{line}: {why}')

    def peek(self):
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ''

    def take(self, want=None):
        if self.at >= len(self.tokens):
            raise SyntaxError('the file ends too early')
        token = self.tokens[self.at]
        if want is not None and token[0] != want:
            raise SyntaxError(f'line {token[1]}: "{want}" expected, "{token[0]}" read')
        self.at += 1
        return token

    def statement(self):
        """The words up to the next semicolon."""
        words = []
        while self.peek() != ';':
            words.append(self.take()[0])
        self.take(';')
        return words

    def comment(self, token, what):
        if not token[2]:
            self.fail(token[1], f'{what} has no comment')

    def number(self, name, value, line, seen, reserved):
        n = int(value)
        if n in seen:
            self.fail(line, f'{name}: number {n} is used twice')
        if n in reserved:
            self.fail(line, f'{name}: number {n} is reserved')
        if n < 0 or 19000 <= n <= 19999:
            self.fail(line, f'{name}: number {n} is not allowed')
        seen.add(n)

    def enum(self):
        head = self.take('enum')
        name, line, _ = self.take()
        self.types.add(name)
        self.comment(head, f'enum {name}')
        if not CAMEL.match(name):
            self.fail(line, f'enum {name} is not CamelCase')
        self.take('{')
        seen, first = set(), True
        while self.peek() != '}':
            token = self.take()
            value, vline, _ = token
            if value in ('option', 'reserved'):
                self.statement()
                continue
            self.take('=')
            n = self.take()[0]
            self.statement()
            self.comment(token, value)
            self.number(value, n, vline, seen, set())
            if not UPPER.match(value) or not value.startswith(upper_snake(name) + '_'):
                self.fail(vline, f'{value}: values of {name} begin with {upper_snake(name)}_')
            if first and (int(n) != 0 or value != upper_snake(name) + '_UNSPECIFIED'):
                self.fail(vline, f'{value}: the first value is {upper_snake(name)}_UNSPECIFIED = 0')
            first = False
        self.take('}')

    def field(self, seen, reserved):
        token = self.take()
        kind, line, _ = token
        if kind in ('optional', 'required', 'group'):
            self.fail(line, f'"{kind}" is not allowed; presence is a oneof with one member')
            kind = self.take()[0]
        elif kind == 'repeated':
            kind = self.take()[0]
        elif kind == 'map':
            self.fail(line, 'maps are not allowed; repeated name and value keep their order')
            while self.peek() != '>':
                self.take()
            self.take('>')
        if kind.endswith('protobuf.Any') or kind == 'Any':
            self.fail(line, 'Any is not allowed')
        elif kind not in SCALARS and kind != 'map':
            self.used.append((kind, line))
        name = self.take()[0]
        self.take('=')
        n = self.take()[0]
        self.statement()
        self.comment(token, name)
        self.number(name, n, line, seen, reserved)
        if int(n) < 1:
            self.fail(line, f'{name}: field numbers begin at 1')
        if not SNAKE.match(name):
            self.fail(line, f'{name} is not snake_case')
        if re.search(r'(_time|_at|_seen|_ms|_us|_ns|_unix)$', name) and not name.endswith('_unix_us'):
            self.fail(line, f'{name}: times are int64 ..._unix_us')
        if name.endswith('_unix_us') and kind != 'int64':
            self.fail(line, f'{name}: times are int64, not {kind}')
        return name

    def oneof(self, seen, reserved):
        head = self.take('oneof')
        name = self.take()[0]
        self.comment(head, f'oneof {name}')
        self.take('{')
        members = []
        while self.peek() != '}':
            members.append(self.field(seen, reserved))
        self.take('}')
        if len(members) == 1 and name != members[0] + '_presence':
            self.fail(head[1], f'oneof {name}: presence of {members[0]} is named {members[0]}_presence')

    def reserve(self, reserved):
        for word in self.statement():
            if re.fullmatch(r'\d+', word):
                reserved.add(int(word))

    def message(self):
        head = self.take('message')
        name, line, _ = self.take()
        self.types.add(name)
        self.messages.append(name)
        self.comment(head, f'message {name}')
        if not CAMEL.match(name):
            self.fail(line, f'message {name} is not CamelCase')
        self.take('{')
        seen, reserved = set(), set()
        while self.peek() != '}':
            word = self.peek()
            if word == 'message':
                self.message()
            elif word == 'enum':
                self.enum()
            elif word == 'oneof':
                self.oneof(seen, reserved)
            elif word == 'reserved':
                self.take()
                self.reserve(reserved)
            elif word == 'option':
                self.statement()
            else:
                self.field(seen, reserved)
        self.take('}')

    def top(self):
        word = self.peek()
        if word == 'syntax':
            if self.statement()[-1] != '"proto3"':
                self.fail(1, 'syntax is proto3')
        elif word == 'package':
            self.package = self.statement()[1]
        elif word == 'option':
            self.options.add(self.statement()[1])
        elif word == 'import':
            self.fail(self.tokens[self.at][1], 'a file stands alone: no import')
            self.statement()
        elif word == 'enum':
            self.enum()
        elif word == 'message':
            self.message()
        else:
            raise SyntaxError(f'line {self.tokens[self.at][1]}: "{word}" is not expected here')

    def run(self):
        if not self.tokens or self.tokens[0][0] != 'syntax':
            self.fail(1, 'syntax = "proto3" comes first')
        try:
            while self.at < len(self.tokens):
                self.top()
        except SyntaxError as e:
            self.fail(1, str(e))
            return self.bad
        if not re.fullmatch(r'[a-z]+(\.[a-z]+)*\.v\d+', self.package):
            self.fail(1, f'package "{self.package}" does not end in a version')
        if not self.path.replace('\\', '/').rsplit('/', 1)[0].endswith(self.package.replace('.', '/')):
            self.fail(1, f'package {self.package} belongs into the folder {self.package.replace(".", "/")}')
        for option in ('java_package', 'java_multiple_files'):
            if option not in self.options:
                self.fail(1, f'option {option} is missing')
        stem = self.path.rsplit('/', 1)[-1][:-len('.proto')]
        wanted = ''.join(w.capitalize() for w in stem.split('_'))
        if not SNAKE.match(stem) or self.messages[:1] != [wanted]:
            self.fail(1, f'the first message is {wanted}, the record of {stem}.proto')
        for kind, line in self.used:
            if kind not in self.types:
                self.fail(line, f'{kind} is not defined in this file')
        return self.bad


def main(paths):
    if not paths:
        print('lint: no .proto files named', file=sys.stderr)
        return 1
    bad, names = [], {}
    for path in paths:
        lint = Lint(path)
        bad += lint.run()
        for name in lint.types:
            if (lint.package, name) in names:
                bad.append(f'{path}:1: {name} is also in {names[lint.package, name]}')
            names[lint.package, name] = path
    for line in bad:
        print(line)
    if not bad:
        print(f'lint: schema rules hold in {len(paths)} files')
    return 1 if bad else 0


sys.exit(main(sys.argv[1:]))
