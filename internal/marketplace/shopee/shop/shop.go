// Package shop is what both of Shopee's chat APIs look at: shops and the apps they
// authorised, conversations and messages with their ids, the rules of writing,
// what the buyer does, and the notifications. It knows how neither API words
// anything.
package shop
