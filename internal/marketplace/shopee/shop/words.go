package shop

import (
	"fmt"

	"example.com/marketmock/internal/chat"
	"example.com/marketmock/internal/marketplace/worldfile"
)

// newBuyer is a user whom only an id is known of. Claim
// shopee/both-sides-have-shops.
func newBuyer(id int64) chat.Buyer {
	return chat.Buyer{ID: Key(id), Name: nickname(id), Ext: Customer{ShopID: shopNear(id)}}
}

// shopNear is the shop of a buyer who tells none: another id, near the user's.
// Claim shopee/id-shapes.
func shopNear(user int64) int64 {
	const near = 1826
	if user <= near {
		return user + near
	}
	return user - near
}

// nickname is a user name that follows from an id.
func nickname(id int64) string {
	return fmt.Sprintf("%s%02d", nicknames[id%int64(len(nicknames))], id/int64(len(nicknames))%100)
}

var nicknames = []string{
	"amir.loves.tea", "bella_shops", "chili.padi", "dewi.kecil", "ember_owl", "fern.and.fig", "gula_melaka", "happyotter",
	"ivy.corner", "jasmine.rice", "kopi.susu", "lotusbud", "mango_sago", "nata.de.coco", "old.kettle", "pandan_leaf",
	"quiet.tiger", "rambutan_", "sunny.side", "tofu.puff", "ube_lover", "velvet.moth", "wonton_", "xiao.long", "yuzu.tea",
}

// wordsOf are words for made-up conversations in a region's language.
func wordsOf(region string) worldfile.Phrases {
	if p, known := phrases[region]; known {
		return p
	}
	return phrases[firstRegion]
}

var phrases = map[string]worldfile.Phrases{
	"SG": {
		Greetings: []string{"Hi 👋", "Hello seller!", "Hey,", "Good morning!", "Hi there 😊"},
		Goods:     []string{"the jasmine tea", "the clay teapot", "the bamboo tray", "the pandan candle", "the rattan basket"},
		Questions: []string{
			"is %s still in stock?", "when will %s be shipped out?", "can I return %s? It came cracked 😢", "any discount for two of %s?",
			"does %s come with a gift box 🎁?", "how long does delivery of %s take to Tampines?",
		},
		Answers:  []string{"Yes, it is ready to ship 😊", "We ship tomorrow morning.", "Please send us a photo of it 🙏", "Thank you for your order!"},
		Supports: []string{"Welcome! How may I help?", "You can track your parcel on the order page 📦"},
		Notices:  []string{"The buyer has received the parcel.", "This chat was closed after %d hours."},
	},
	"TW": {
		Greetings: []string{"您好～", "老闆你好", "哈囉 👋", "請問一下,", "安安"},
		Goods:     []string{"茉香綠茶", "陶土茶壺", "竹製托盤", "香茅蠟燭", "藤編籃"},
		Questions: []string{"%s還有現貨嗎?", "%s什麼時候出貨?", "%s收到時有裂痕,可以退嗎 😢", "買兩個%s有優惠嗎?", "%s可以包裝成禮物嗎 🎁?"},
		Answers:   []string{"有現貨喔 😊", "明天早上出貨。", "請拍照給我們看看 🙏", "謝謝您的訂購!"},
		Supports:  []string{"歡迎光臨,請問需要什麼幫忙?", "您可以在訂單頁查看物流 📦"},
		Notices:   []string{"買家已取貨。", "此對話於 %d 小時後自動結束。"},
	},
	"MY": {
		Greetings: []string{"Hai seller 👋", "Salam,", "Hello,", "Selamat pagi!", "Hi kak 😊"},
		Goods:     []string{"teh melur", "teko tanah liat", "dulang buluh", "lilin pandan", "bakul rotan"},
		Questions: []string{"%s masih ada stok?", "bila %s akan dihantar?", "%s sampai retak, boleh pulangkan? 😢", "beli dua %s ada diskaun?", "%s ada kotak hadiah 🎁?"},
		Answers:   []string{"Masih ada stok ya 😊", "Kami hantar esok pagi.", "Tolong hantar gambar 🙏", "Terima kasih atas pesanan!"},
		Supports:  []string{"Selamat datang! Boleh saya bantu?", "Sila semak status di halaman pesanan 📦"},
		Notices:   []string{"Pembeli telah menerima bungkusan.", "Perbualan ditutup selepas %d jam."},
	},
	"ID": {
		Greetings: []string{"Halo kak 👋", "Permisi,", "Siang kak,", "Hai kak 😊", "Min,"},
		Goods:     []string{"teh melati", "teko tanah liat", "nampan bambu", "lilin pandan", "keranjang rotan"},
		Questions: []string{"%s masih ready?", "kapan %s dikirim?", "%s sampai retak, bisa retur? 😢", "beli dua %s ada diskon?", "%s dapat kotak kado 🎁?"},
		Answers:   []string{"Ready kak 😊", "Kami kirim besok pagi ya kak.", "Boleh kirim fotonya kak 🙏", "Terima kasih sudah belanja!"},
		Supports:  []string{"Selamat datang! Ada yang bisa dibantu?", "Silakan cek resi di halaman pesanan 📦"},
		Notices:   []string{"Pembeli sudah menerima paket.", "Percakapan ditutup setelah %d jam."},
	},
	"TH": {
		Greetings: []string{"สวัสดีค่ะ 👋", "สวัสดีครับ", "สอบถามค่ะ", "แอดมินคะ", "สวัสดีค่ะ 😊"},
		Goods:     []string{"ชามะลิ", "กาดินเผา", "ถาดไม้ไผ่", "เทียนใบเตย", "ตะกร้าหวาย"},
		Questions: []string{"%sยังมีของไหม", "%sส่งวันไหน", "%sแตกตอนได้รับ คืนได้ไหม 😢", "ซื้อ%sสองชิ้นลดไหม", "%sมีกล่องของขวัญไหม 🎁"},
		Answers:   []string{"มีพร้อมส่งค่ะ 😊", "ส่งพรุ่งนี้เช้าค่ะ", "รบกวนส่งรูปให้ดูหน่อยนะคะ 🙏", "ขอบคุณที่อุดหนุนค่ะ"},
		Supports:  []string{"ยินดีต้อนรับ มีอะไรให้ช่วยไหมคะ", "ตรวจสอบพัสดุได้ที่หน้าคำสั่งซื้อ 📦"},
		Notices:   []string{"ผู้ซื้อได้รับพัสดุแล้ว", "แชทนี้ปิดหลังจาก %d ชั่วโมง"},
	},
	"VN": {
		Greetings: []string{"Chào shop 👋", "Shop ơi,", "Dạ chào shop,", "Cho mình hỏi,", "Hi shop 😊"},
		Goods:     []string{"trà lài", "ấm đất nung", "khay tre", "nến lá dứa", "giỏ mây"},
		Questions: []string{"%s còn hàng không ạ?", "bao giờ gửi %s ạ?", "%s nhận bị nứt, đổi được không 😢", "mua hai %s có giảm không?", "%s có hộp quà không 🎁?"},
		Answers:   []string{"Dạ còn hàng ạ 😊", "Sáng mai shop gửi ạ.", "Bạn gửi giúp shop ảnh nhé 🙏", "Cảm ơn bạn đã đặt hàng!"},
		Supports:  []string{"Xin chào! Mình giúp gì được cho bạn?", "Bạn xem vận chuyển ở trang đơn hàng nhé 📦"},
		Notices:   []string{"Người mua đã nhận hàng.", "Cuộc trò chuyện đã đóng sau %d giờ."},
	},
	"PH": {
		Greetings: []string{"Hi po 👋", "Hello seller,", "Good day po,", "Ask ko lang po,", "Hi ate 😊"},
		Goods:     []string{"yung jasmine tea", "yung clay teapot", "yung bamboo tray", "yung pandan candle", "yung rattan basket"},
		Questions: []string{
			"available pa po ba %s?", "kailan po ship ng order ko na may kasamang %s?", "may basag po %s, pwede ba ibalik? 😢",
			"may discount po ba sa dalawa, %s?", "may gift box po ba %s 🎁?",
		},
		Answers:  []string{"Available pa po 😊", "Bukas po ng umaga ang ship.", "Pa-send po ng picture 🙏", "Salamat po sa order!"},
		Supports: []string{"Welcome po! Ano po ang maitutulong namin?", "Paki-check po ang tracking sa order page 📦"},
		Notices:  []string{"Natanggap na ng buyer ang parcel.", "Isinara ang chat pagkatapos ng %d oras."},
	},
	"BR": {
		Greetings: []string{"Oi 👋", "Olá,", "Bom dia,", "Boa tarde!", "Oi, tudo bem? 😊"},
		Goods:     []string{"o chá de jasmim", "o bule de barro", "a bandeja de bambu", "a vela de erva-doce", "o cesto de vime"},
		Questions: []string{"ainda tem %s?", "quando vocês enviam %s?", "recebi %s com rachadura, posso devolver? 😢", "levando dois, %s tem desconto?", "%s vem em caixa de presente 🎁?"},
		Answers:   []string{"Temos sim 😊", "Enviamos amanhã cedo.", "Pode mandar uma foto? 🙏", "Obrigado pela compra!"},
		Supports:  []string{"Bem-vindo! Como posso ajudar?", "Acompanhe a entrega na página do pedido 📦"},
		Notices:   []string{"O comprador recebeu o pacote.", "A conversa foi encerrada após %d horas."},
	},
}
