#include "constraints/plugin/frames.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <thread>

namespace gensynth::plugin {
namespace {

using ::testing::ElementsAre;

class Frames : public ::testing::Test {
 protected:
  Frames() {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    EXPECT_EQ(::pipe(other), 0);
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  }
  ~Frames() override {
    for (const int file : {ends[0], ends[1], other[0], other[1]}) ::close(file);
  }
  ExchangeEnd ask(const Message& message, double seconds = 20) {
    return exchange(ends[0], message, other[0], seconds, reply);
  }
  int ends[2];
  int other[2];
  Message reply;
};

TEST_F(Frames, LargeMessagesGoBothWays) {
  const std::string large(3'000'000, 'x');
  std::thread server([&] {
    while (std::optional<Message> message = receive_message(ends[1])) {
      message->push_back("end");
      EXPECT_TRUE(send_message(ends[1], *message));
      if (message->front() == "last") break;
    }
  });
  EXPECT_EQ(ask({large, "", large}), ExchangeEnd::replied);
  EXPECT_THAT(reply, ElementsAre(large, "", large, "end"));
  EXPECT_EQ(ask({"last"}), ExchangeEnd::replied);
  server.join();
}

TEST_F(Frames, WhoNeitherReadsNorAnswersCannotBlock) {
  EXPECT_EQ(ask({std::string(50'000'000, 'x')}, 0.05), ExchangeEnd::timed_out);
}

TEST_F(Frames, TheEndOfTheOtherSideIsSeen) {
  ::shutdown(ends[1], SHUT_RDWR);
  EXPECT_EQ(ask({"x"}), ExchangeEnd::closed);
  EXPECT_FALSE(receive_message(ends[1]));
}

TEST_F(Frames, AnotherEventInterrupts) {
  EXPECT_EQ(::write(other[1], "x", 1), 1);
  EXPECT_EQ(ask({"x"}), ExchangeEnd::interrupted);
}

TEST_F(Frames, NonsenseIsNoMessage) {
  const std::uint64_t too_large = ~std::uint64_t{0};
  EXPECT_EQ(::write(ends[1], &too_large, sizeof too_large), 8);
  EXPECT_EQ(ask({"x"}), ExchangeEnd::closed);
  const std::uint64_t beyond[] = {8, 100};  // a text that ends after the message
  EXPECT_EQ(::write(ends[0], beyond, sizeof beyond), 16);
  (void)receive_message(ends[1]);  // the request above
  EXPECT_FALSE(receive_message(ends[1]));
}

}  // namespace
}  // namespace gensynth::plugin
