#include "tests/structure/source.hpp"

#include <algorithm>
#include <cctype>
#include <regex>
#include <sstream>

namespace gensynth::structure {
namespace {

/// The end of the comment or literal that begins at `at`; `at` if none begins there.
std::size_t end_of_noise(const std::string& text, std::size_t at) {
  const auto after = [&](const std::string& what, std::size_t from) {
    const std::size_t found = text.find(what, from);
    return found == std::string::npos ? text.size() : found + what.size();
  };
  const auto begins = [&](const char* what) { return text.compare(at, std::string(what).size(), what) == 0; };
  if (begins("//")) return std::min(text.find('\n', at), text.size());
  if (begins("/*")) return after("*/", at + 2);
  if (begins("R\"")) {
    const std::size_t open = text.find('(', at);
    return after(")" + text.substr(at + 2, open - at - 2) + "\"", open);
  }
  const bool digit_separator = at > 0 && std::isalnum(static_cast<unsigned char>(text[at - 1])) != 0;
  if (text[at] != '"' && (text[at] != '\'' || digit_separator)) return at;
  const char quote = text[at];
  for (++at; at < text.size() && text[at] != quote; ++at) at += text[at] == '\\';
  return std::min(at + 1, text.size());
}

/// The text without comments, literals and preprocessor lines, which may hold braces.
std::string code_of(const std::string& text) {
  std::string code;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_noise(text, at);
    const bool directive = text[at] == '#' && (at == 0 || text[at - 1] == '\n');
    if (end > at) {
      code += ' ';
      at = end;
    } else if (directive) {
      at = std::min(text.find('\n', at), text.size());
    } else {
      code += text[at++];
    }
  }
  return code;
}

/// Follows the braces of a source, and notes the namespaces that it opens and the types that it defines in them.
class ScopeScanner {
 public:
  explicit ScopeScanner(SourceFile& file) : file_(file) {}

  void scan(const std::string& code) {
    std::string statement;
    for (const char c : code) {
      if (c == '{') {
        open(statement);
      } else if (c == '}' && !scopes_.empty()) {
        scopes_.pop_back();
      }
      if (c == '{' || c == '}' || c == ';') {
        statement.clear();
      } else if (statement.size() < 400) {
        statement += c == '\n' ? ' ' : c;
      }
    }
  }

 private:
  struct Scope {
    bool is_namespace = false;
    std::string name;  // in full; of an unnamed namespace, and of what is in one, ""
  };

  void open(const std::string& statement) {
    static const std::regex space(R"(^\s*(?:inline\s+)?namespace\b\s*([\w:]*)\s*$)");
    static const std::regex type(
        R"(^\s*(?:template\s*<.*>\s*)?(?:struct|class|union|enum(?:\s+class)?)\s+(\w+)\s*(?:final\s*)?(?::[^:].*)?$)");
    const bool in_namespace = scopes_.empty() || scopes_.back().is_namespace;
    const bool unnamed = !scopes_.empty() && scopes_.back().name.empty();
    const std::string prefix = scopes_.empty() || unnamed ? "" : scopes_.back().name + "::";
    std::smatch match;
    Scope scope;
    if (in_namespace && std::regex_match(statement, match, space)) {
      scope.is_namespace = true;
      if (match[1].length() > 0 && !unnamed) scope.name = prefix + match[1].str();
      if (!scope.name.empty()) file_.namespaces.insert(scope.name);
    } else if (in_namespace && !unnamed && std::regex_match(statement, match, type)) {
      file_.types.push_back(prefix + match[1].str());
    }
    scopes_.push_back(scope);
  }

  SourceFile& file_;
  std::vector<Scope> scopes_;
};

}  // namespace

SourceFile parse_source(const std::string& path, const std::string& text) {
  static const std::regex include(R"re(^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>))re");
  SourceFile file;
  file.path = path;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line); ++file.lines) {
    std::smatch match;
    if (std::regex_search(line, match, include)) {
      (match[1].matched ? file.own : file.foreign).push_back(match[1].matched ? match[1] : match[2]);
    }
    file.pragma_once |= line.starts_with("#pragma once");
    file.has_main |= line.starts_with("int main(");
  }
  ScopeScanner(file).scan(code_of(text));
  return file;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

std::string top_folder_of(const std::string& path) { return path.substr(0, path.find('/')); }

std::string namespace_of(const std::string& folder) {
  static const std::set<std::string> tops = {"architecture", "constraints", "runtime",
                                             "generator",    "inquisitor",  "search"};
  const std::string top = top_folder_of(folder);
  if (top == "tests") return folder == top ? "" : namespace_of(folder.substr(top.size() + 1));
  if (!tops.contains(top)) return "";
  if (folder == top) return top == "architecture" ? "gensynth" : "gensynth::" + top;
  std::string below = folder.substr(top.size() + 1);
  if (top == "architecture") return below.starts_with("zoo") ? "gensynth::zoo" : "gensynth";
  if (below == "torch") below = "libtorch";  // LibTorch itself has `torch`
  return "gensynth::" + std::regex_replace(below, std::regex("/"), "::");
}

}  // namespace gensynth::structure
