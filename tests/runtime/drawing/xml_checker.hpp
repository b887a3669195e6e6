#pragma once

#include <cctype>
#include <string>
#include <vector>

namespace gensynth::drawing {

/// The first error of a text that is not well-formed XML, or "". It supports elements, attributes and the five
/// entities, but no comments and declarations, which drawings do not have.
inline std::string xml_fault(const std::string& text) {
  std::vector<std::string> open;
  bool ended = false;
  std::size_t i = 0;
  const auto at = [&](const std::string& what) { return what + " at byte " + std::to_string(i); };
  const auto is_name = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == ':';
  };
  const auto check_text = [&](char c) -> std::string {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') return at("control character");
    if (c != '&') return "";
    for (const char* entity : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"}) {
      if (text.compare(i, std::string(entity).size(), entity) == 0) return "";
    }
    return at("unknown entity");
  };
  while (i < text.size()) {
    if (text[i] != '<') {
      if (open.empty() && !std::isspace(static_cast<unsigned char>(text[i]))) return at("text outside the root");
      if (const auto fault = check_text(text[i]); !fault.empty()) return fault;
      ++i;
      continue;
    }
    ++i;
    const bool closing = i < text.size() && text[i] == '/';
    if (closing) ++i;
    std::string name;
    while (i < text.size() && is_name(text[i])) name += text[i++];
    if (name.empty()) return at("no element name");
    if (closing) {
      if (open.empty() || open.back() != name) return at("</" + name + "> closes nothing");
      open.pop_back();
      ended = open.empty();
      if (i >= text.size() || text[i] != '>') return at("no > after </" + name);
      ++i;
      continue;
    }
    if (ended) return at("a second root");
    std::vector<std::string> attributes;
    while (i < text.size() && text[i] == ' ') {
      ++i;
      std::string key;
      while (i < text.size() && is_name(text[i])) key += text[i++];
      if (key.empty() || text.compare(i, 2, "=\"") != 0) return at("bad attribute of " + name);
      for (const auto& other : attributes) {
        if (other == key) return at("attribute " + key + " twice");
      }
      attributes.push_back(key);
      for (i += 2; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '<') return at("< in an attribute");
        if (const auto fault = check_text(text[i]); !fault.empty()) return fault;
      }
      ++i;
    }
    if (text.compare(i, 2, "/>") == 0) {
      i += 2;
    } else if (i < text.size() && text[i] == '>') {
      open.push_back(name);
      ++i;
    } else {
      return at("element " + name + " does not end");
    }
  }
  if (!open.empty()) return "<" + open.back() + "> is not closed";
  return ended ? "" : "no root";
}

}  // namespace gensynth::drawing
