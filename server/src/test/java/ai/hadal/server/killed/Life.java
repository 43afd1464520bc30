package ai.hadal.server.killed;

import java.util.List;

/// What a server is asked in one of its lives, with the answers that it has to give. Requests of a list are asked at
/// once.
///
/// @param first what the life before was asked last, whether that was answered or not, and how its conversations go on
/// @param rounds one after the other
/// @param last the server is killed in the midst of the first of these answers, or answers them and ends in order
record Life(List<Exchange> first, List<List<Exchange>> rounds, List<Exchange> last) {}
