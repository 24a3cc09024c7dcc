"""Deviations that come by another channel than messages: post, phone, form or eDialog."""
