#include "runtime/data/dataset.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>
#include <utility>

#include "architecture/base/error.hpp"
#include "architecture/base/random.hpp"
#include "runtime/data/cache_file.hpp"
#include "runtime/data/source.hpp"

namespace gensynth::data {
namespace {

struct Choice {
  std::vector<std::string> class_names;
  std::vector<Entry> entries;  ///< validation first, then training; by class, then member
  std::vector<int> labels;
};

/// Selects the images that `spec` describes from all images of the source.
Choice choose(const Source& source, const DataSpec& spec) {
  Choice choice;
  std::vector<Entry> all = source.entries();
  choice.class_names = source.class_order(all);
  const std::size_t available = choice.class_names.size();
  if (available < 2) {
    throw Error("data " + source.identity() + ": " + std::to_string(available) +
                " classes of training images found, expected at least 2");
  }
  const auto wanted = static_cast<std::size_t>(spec.classes);
  if (wanted > available) {
    throw Error("data " + source.identity() + ": " + std::to_string(wanted) + " classes requested, but there are " +
                std::to_string(available));
  }
  if (wanted > 0) choice.class_names.resize(wanted);
  std::map<std::string, int> label_of;
  for (const std::string& name : choice.class_names) label_of.emplace(name, static_cast<int>(label_of.size()));

  const auto order = [&](const Entry& e) {
    return std::make_tuple(!e.validation, label_of.at(e.class_name), e.member, e.container, e.number);
  };
  std::erase_if(all, [&](const Entry& entry) { return !label_of.contains(entry.class_name); });
  std::sort(all.begin(), all.end(), [&](const Entry& a, const Entry& b) { return order(a) < order(b); });
  std::vector<int> taken(choice.class_names.size(), 0);
  for (Entry& entry : all) {
    const int label = label_of.at(entry.class_name);
    int& count = taken[static_cast<std::size_t>(label)];
    if (!entry.validation && spec.images > 0 && count >= spec.images) continue;
    count += entry.validation ? 0 : 1;
    choice.entries.push_back(std::move(entry));
    choice.labels.push_back(label);
  }
  return choice;
}

/// Marks all but the first of equal files as dropped. Validation comes first, so that it contains no training image.
void drop_duplicates(std::vector<ImageRecord>& records, const std::vector<Digest>& contents) {
  std::set<Digest> seen;
  for (std::size_t i = 0; i < records.size(); ++i) records[i].dropped = seen.insert(contents[i]).second ? 0 : 1;
}

std::string cache_key(const DataSpec& spec, const Source& source) {
  // The key does not contain the hold-out share and the seed of the split: specs that differ only in these share one
  // file.
  return nlohmann::ordered_json{{"kind", to_string(spec.kind)},
                                {"source", source.identity()},
                                {"px", spec.px},
                                {"classes", spec.classes},
                                {"images", spec.images}}
      .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

CacheFile open_cache(const DataSpec& spec, const std::string& cache_dir) {
  const std::unique_ptr<Source> source = make_source(spec);
  const std::string key = cache_key(spec, *source);
  std::error_code error;
  std::filesystem::create_directories(cache_dir, error);
  if (error) throw Error(cache_dir + ": data cache folder cannot be made: " + error.message(), ErrorKind::environment);
  const std::string name =
      std::string(to_string(spec.kind)) + "-" + to_string(digest(key.data(), key.size())).substr(0, 16) + ".images";

  Choice choice;
  const auto plan = [&] {
    choice = choose(*source, spec);
    CacheFile::Plan made;
    made.px = spec.px;
    made.description = nlohmann::json{{"class_names", choice.class_names}}.dump();
    made.records.resize(choice.entries.size());
    for (std::size_t i = 0; i < choice.entries.size(); ++i) {
      made.records[i].label = choice.labels[i];
      made.records[i].validation = choice.entries[i].validation ? 1 : 0;
    }
    return made;
  };
  const auto fill = [&](CacheFile::Plan& plan, const CacheFile::Put& put) {
    std::vector<Digest> contents(choice.entries.size());
    source->read(choice.entries, spec.px, [&](std::size_t index, const Digest& content, const std::uint8_t* pixels) {
      contents[index] = content;
      put(index, pixels);
    });
    drop_duplicates(plan.records, contents);
  };
  return CacheFile::open_or_make((std::filesystem::path(cache_dir) / name).string(), key, plan, fill);
}

void check(const DataSpec& spec) {
  const auto refuse = [](const std::string& what) { throw Error("data: " + what); };
  if (spec.px < 8 || spec.px > 1024) refuse("px is " + std::to_string(spec.px) + ", expected 8 to 1024");
  if (spec.classes < 0 || spec.classes == 1) {
    refuse("classes is " + std::to_string(spec.classes) + ", expected at least 2, or 0 for all");
  }
  if (spec.images < 0) refuse("images is " + std::to_string(spec.images) + ", expected at least 1, or 0 for all");
  if (!(spec.holdout >= 0 && spec.holdout <= 0.9)) {
    refuse("holdout is " + std::to_string(spec.holdout) + ", expected 0 to 0.9");
  }
}

}  // namespace

struct Dataset::Impl {
  CacheFile cache;
  DataSpec spec;
  std::vector<std::string> class_names;
  std::vector<int> splits[3];  ///< by Split
  int duplicates = 0;

  std::vector<int>& operator[](Split split) { return splits[static_cast<int>(split)]; }

  void carve();
};

void Dataset::Impl::carve() {
  const std::vector<ImageRecord>& records = cache.records();
  std::vector<std::vector<int>> training(class_names.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    const int image = static_cast<int>(i);
    if (records[i].dropped != 0) {
      ++duplicates;
    } else if (records[i].validation != 0) {
      (*this)[Split::validation].push_back(image);
    } else {
      training[static_cast<std::size_t>(records[i].label)].push_back(image);
    }
  }
  for (std::size_t label = 0; label < training.size(); ++label) {
    std::vector<int>& images = training[label];
    const auto count = static_cast<int>(images.size());
    Rng rng(derive_seed(spec.seed, label, "holdout"));
    for (int i = count - 1; i > 0; --i) {
      std::swap(images[static_cast<std::size_t>(i)], images[static_cast<std::size_t>(below(rng, i + 1))]);
    }
    int held = static_cast<int>(std::lround(spec.holdout * count));
    if (spec.holdout > 0 && count >= 2) held = std::clamp(held, 1, count - 1);
    auto& holdout = (*this)[Split::holdout];
    auto& train = (*this)[Split::train];
    holdout.insert(holdout.end(), images.begin(), images.begin() + held);
    train.insert(train.end(), images.begin() + held, images.end());
  }
  for (std::vector<int>& split : splits) std::sort(split.begin(), split.end());
}

Dataset Dataset::open(const DataSpec& spec, const std::string& cache_dir) {
  check(spec);
  auto impl = std::make_unique<Impl>(Impl{open_cache(spec, cache_dir), spec, {}, {}, 0});
  impl->class_names =
      nlohmann::json::parse(impl->cache.description()).at("class_names").get<std::vector<std::string>>();
  impl->carve();
  return Dataset(std::move(impl));
}

void Dataset::check_source(const DataSpec& spec) {
  check(spec);
  (void)make_source(spec)->identity();
}

Dataset::Dataset(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Dataset::~Dataset() = default;
Dataset::Dataset(Dataset&&) noexcept = default;
Dataset& Dataset::operator=(Dataset&&) noexcept = default;

int Dataset::px() const { return impl_->cache.px(); }
int Dataset::classes() const { return static_cast<int>(impl_->class_names.size()); }
const std::vector<std::string>& Dataset::class_names() const { return impl_->class_names; }
const std::vector<int>& Dataset::split(Split split) const { return (*impl_)[split]; }
const std::uint8_t* Dataset::pixels(int image) const { return impl_->cache.pixels(static_cast<std::size_t>(image)); }
int Dataset::label(int image) const { return impl_->cache.records()[static_cast<std::size_t>(image)].label; }
int Dataset::duplicates_dropped() const { return impl_->duplicates; }

std::string Dataset::id() const {
  const DataSpec& spec = impl_->spec;
  std::string source = to_string(spec.kind);
  if (!spec.paths.empty()) source += " " + std::filesystem::path(spec.paths[0]).lexically_normal().string();
  if (spec.paths.size() > 1) source += " and " + std::to_string(spec.paths.size() - 1) + " more";
  char rest[120];
  std::snprintf(rest, sizeof rest, ", %d classes, %d px, holdout %g, seed %llu, contents %.8s", classes(), px(),
                spec.holdout, static_cast<unsigned long long>(spec.seed), to_string(impl_->cache.content()).c_str());
  return source + rest;
}

void Dataset::mean_std(float mean[3], float std[3]) const {
  double sum[3] = {};
  double square_sum[3] = {};
  for (const int image : split(Split::train)) {
    const ImageRecord& record = impl_->cache.records()[static_cast<std::size_t>(image)];
    for (int c = 0; c < 3; ++c) {
      sum[c] += static_cast<double>(record.sum[c]);
      square_sum[c] += static_cast<double>(record.square_sum[c]);
    }
  }
  const double count = static_cast<double>(split(Split::train).size()) * px() * px();
  for (int c = 0; c < 3; ++c) {
    const double average = sum[c] / count;
    mean[c] = static_cast<float>(average / 255);
    std[c] = static_cast<float>(std::sqrt(std::max(square_sum[c] / count - average * average, 0.0)) / 255);
  }
}

}  // namespace gensynth::data
